//! Money in integer cents.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::str::FromStr;

/// An amount of money in cents; negative for a debit. Displayed as `$1,234.50` or `-$120.45`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub i64);

impl Cents {
    /// The amount without a currency sign or separators: `1234.50`, `-120.45`.
    pub fn to_decimal(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let abs = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", abs / 100, abs % 100)
    }

    /// The sum, held at the ends of the range rather than wrapped.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let abs = self.0.unsigned_abs();
        let whole = (abs / 100).to_string();
        let mut grouped = String::with_capacity(whole.len() + whole.len() / 3);
        for (i, c) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(c);
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        f.pad(&format!("{sign}${grouped}.{:02}", abs % 100))
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self(0), Self::plus)
    }
}

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount is digits with at most two decimals, such as 240 or 240.00")]
pub struct NotMoney;

impl FromStr for Cents {
    type Err = NotMoney;

    /// Reads `240`, `240.5`, `240.00`, `-120.45`: no sign for currency, no separators, no exponent.
    fn from_str(s: &str) -> Result<Self, NotMoney> {
        let (negative, body) = s.strip_prefix('-').map_or((false, s), |rest| (true, rest));
        let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty()
            || !digits(whole)
            || !digits(fraction)
            || fraction.len() > 2
            || body.ends_with('.')
        {
            return Err(NotMoney);
        }
        let cents: i64 = format!("{whole}{fraction:0<2}").parse().map_err(|_| NotMoney)?;
        Ok(Self(if negative { -cents } else { cents }))
    }
}

/// Serde for an amount as a JSON number: `240`, `-120.45`. A quoted amount is a mistake of type.
pub mod number {
    use super::Cents;
    use serde::{Deserializer, de};
    use std::fmt;

    /// Reads `240` or `240.5`.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Cents, D::Error> {
        struct V;
        impl de::Visitor<'_> for V {
            type Value = Cents;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number such as 240.00")
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Cents, E> {
                whole(v)
            }
            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Cents, E> {
                i64::try_from(v).map_err(E::custom).and_then(whole)
            }
            fn visit_f64<E: de::Error>(self, v: f64) -> Result<Cents, E> {
                fraction(v)
            }
        }
        d.deserialize_any(V)
    }

    pub(super) fn whole<E: de::Error>(dollars: i64) -> Result<Cents, E> {
        dollars
            .checked_mul(100)
            .map(Cents)
            .ok_or_else(|| E::custom("amount too large"))
    }

    /// The shortest decimal that names the float is the one the file's author wrote.
    pub(super) fn fraction<E: de::Error>(dollars: f64) -> Result<Cents, E> {
        dollars.to_string().parse().map_err(E::custom)
    }
}

/// Serde for an amount as a decimal string (`"240.00"`), which also reads a JSON number.
pub mod decimal {
    use super::{Cents, number};
    use serde::{Deserializer, Serializer, de};
    use std::fmt;

    /// Writes `"240.00"`.
    pub fn serialize<S: Serializer>(amount: &Cents, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&amount.to_decimal())
    }

    /// Reads `"240.00"`, `240` or `240.5`.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Cents, D::Error> {
        struct V;
        impl de::Visitor<'_> for V {
            type Value = Cents;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount of money such as 240.00")
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Cents, E> {
                v.trim().parse().map_err(E::custom)
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Cents, E> {
                number::whole(v)
            }
            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Cents, E> {
                i64::try_from(v).map_err(E::custom).and_then(number::whole)
            }
            fn visit_f64<E: de::Error>(self, v: f64) -> Result<Cents, E> {
                number::fraction(v)
            }
        }
        d.deserialize_any(V)
    }
}
