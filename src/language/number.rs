//! Number words: what each stands for, and cardinals and ordinals read from a row of words.

use super::token::{Gap, Token};

/// What a single word has to do with numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberWord {
    /// zero to nine.
    Unit(u64),
    /// ten to nineteen.
    Teen(u64),
    /// twenty to ninety.
    Tens(u64),
    /// hundred, thousand, million: multiplies what came before.
    Scale(u64),
    /// double, triple, quadruple: repeats the digit that follows.
    Repeat(usize),
    /// "zeros", "sevens": the digit, said as often as the number before it tells.
    Plural(u64),
}

/// What the word stands for, if it is a number word. "oh" and "o" are digits only beside other digits, so they are left to
/// [`super::digits`].
pub fn number_word(word: &str) -> Option<NumberWord> {
    use NumberWord::{Plural, Repeat, Scale, Teen, Tens, Unit};
    Some(match word {
        "zero" | "nought" | "naught" => Unit(0),
        "one" => Unit(1),
        "two" => Unit(2),
        "three" => Unit(3),
        "four" => Unit(4),
        "five" => Unit(5),
        "six" => Unit(6),
        "seven" => Unit(7),
        "eight" => Unit(8),
        "nine" | "niner" => Unit(9),
        "ten" => Teen(10),
        "eleven" => Teen(11),
        "twelve" => Teen(12),
        "thirteen" => Teen(13),
        "fourteen" => Teen(14),
        "fifteen" => Teen(15),
        "sixteen" => Teen(16),
        "seventeen" => Teen(17),
        "eighteen" => Teen(18),
        "nineteen" => Teen(19),
        "twenty" => Tens(20),
        "thirty" => Tens(30),
        "forty" | "fourty" => Tens(40),
        "fifty" => Tens(50),
        "sixty" => Tens(60),
        "seventy" => Tens(70),
        "eighty" => Tens(80),
        "ninety" => Tens(90),
        "hundred" => Scale(100),
        "thousand" | "grand" => Scale(1000),
        "million" => Scale(1_000_000),
        "double" => Repeat(2),
        "triple" | "treble" => Repeat(3),
        "quadruple" => Repeat(4),
        "zeros" | "zeroes" | "ohs" => Plural(0),
        "ones" => Plural(1),
        "twos" => Plural(2),
        "threes" => Plural(3),
        "fours" => Plural(4),
        "fives" => Plural(5),
        "sixes" => Plural(6),
        "sevens" => Plural(7),
        "eights" => Plural(8),
        "nines" => Plural(9),
        _ => return None,
    })
}

/// The day or rank an ordinal word stands for: `first` to `ninetieth`, without compounds.
pub fn ordinal_word(word: &str) -> Option<u64> {
    Some(match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "seventeenth" => 17,
        "eighteenth" => 18,
        "nineteenth" => 19,
        "twentieth" => 20,
        "thirtieth" => 30,
        "fortieth" => 40,
        "fiftieth" => 50,
        "sixtieth" => 60,
        "seventieth" => 70,
        "eightieth" => 80,
        "ninetieth" => 90,
        _ => return None,
    })
}

/// A value read from a row of words, and how many words it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The value.
    pub value: u64,
    /// How many words.
    pub len: usize,
}

fn word(tokens: &[Token], at: usize) -> Option<NumberWord> {
    tokens.get(at).and_then(|t| number_word(&t.text))
}

/// Whether the word at `at` goes on from the one before it without a pause.
fn flows(tokens: &[Token], at: usize) -> bool {
    tokens
        .get(at)
        .is_some_and(|t| matches!(t.gap, Gap::Space | Gap::Mark('-')))
}

/// A number below a hundred in words, or one written in digits (thousands separators allowed).
fn small(tokens: &[Token], at: usize) -> Option<Number> {
    use NumberWord::{Teen, Tens, Unit};
    if let Some(n) = numeral(tokens, at) {
        return Some(n);
    }
    match word(tokens, at)? {
        Unit(value) | Teen(value) => Some(Number { value, len: 1 }),
        Tens(tens) => Some(match word(tokens, at + 1) {
            Some(Unit(unit)) if unit > 0 && flows(tokens, at + 1) => Number {
                value: tens + unit,
                len: 2,
            },
            _ => Number { value: tens, len: 1 },
        }),
        _ => None,
    }
}

/// A number in digits at this word: `240`, `1,240`. Digits after a point are not part of it.
pub fn numeral(tokens: &[Token], at: usize) -> Option<Number> {
    let first = tokens.get(at).filter(|t| t.is_number())?;
    let mut text = first.text.to_string();
    let mut len = 1;
    while text.len() + 3 <= 18 {
        let next = tokens
            .get(at + len)
            .filter(|t| t.is_number() && t.gap == Gap::Mark(',') && t.text.len() == 3);
        let Some(group) = next else { break };
        if len == 1 && first.text.len() > 3 {
            break;
        }
        text.push_str(&group.text);
        len += 1;
    }
    text.parse().ok().map(|value| Number { value, len })
}

/// Skips an "and" that stands between two parts of one number.
fn after_and(tokens: &[Token], at: usize) -> usize {
    at + usize::from(tokens.get(at).is_some_and(|t| t.text == "and"))
}

/// A number below a thousand (or a small one times a hundred, as in "twelve hundred").
fn hundreds(tokens: &[Token], at: usize) -> Option<Number> {
    let hundred = |at: usize| word(tokens, at) == Some(NumberWord::Scale(100));
    let (head, mut len) = match small(tokens, at) {
        Some(n) => (n.value, n.len),
        None if hundred(at) => (1, 0),
        None if tokens.get(at).is_some_and(|t| t.text == "a") && hundred(at + 1) => (1, 1),
        None => return None,
    };
    if !hundred(at + len) || head >= 100 {
        return (len > 0).then_some(Number { value: head, len });
    }
    let mut value = head * 100;
    len += 1;
    let tail_at = after_and(tokens, at + len);
    // "two hundred five thousand" is left to the caller's scale; "two hundred 5 hundred" is two numbers.
    let tail = small(tokens, tail_at).filter(|t| (1..100).contains(&t.value) && flows(tokens, tail_at));
    if let Some(tail) = tail.filter(|t| !hundred(tail_at + t.len)) {
        value += tail.value;
        len = tail_at + tail.len - at;
    }
    Some(Number { value, len })
}

/// The longest cardinal that begins at this word: "seventy eight thousand seven hundred and one", "a hundred and twenty",
/// "1,240", "2 thousand". Digits said one by one are not a cardinal: "seven eight" reads as seven.
pub fn cardinal(tokens: &[Token], at: usize) -> Option<Number> {
    let scale = |at: usize| match word(tokens, at) {
        Some(NumberWord::Scale(s)) if s > 100 => Some(s),
        _ => None,
    };
    let mut total: u64 = 0;
    let mut len = 0;
    let mut last_scale = u64::MAX;
    loop {
        let begin = if len == 0 { at } else { after_and(tokens, at + len) };
        let comma = tokens.get(begin).is_some_and(|t| t.gap == Gap::Pause(','));
        if len > 0 && !flows(tokens, begin) && !comma {
            break;
        }
        let group = match hundreds(tokens, begin) {
            Some(n) => n,
            None if len == 0 && scale(at).is_some() => Number { value: 1, len: 0 },
            None if len == 0 && tokens.get(at).is_some_and(|t| t.text == "a") && scale(at + 1).is_some() => {
                Number { value: 1, len: 1 }
            }
            None => break,
        };
        let after = begin + group.len;
        match scale(after) {
            Some(s) if s < last_scale => {
                total = total.saturating_add(group.value.saturating_mul(s));
                len = after + 1 - at;
                last_scale = s;
            }
            // No number ends in a spoken zero: "one thousand zero" goes on digit by digit.
            _ if len == 0 || (group.value < last_scale && (1..1000).contains(&group.value)) => {
                total = total.saturating_add(group.value);
                len = after - at;
                break;
            }
            _ => break,
        }
    }
    (len > 0).then_some(Number { value: total, len })
}

/// An ordinal at this word: "twentieth", "twenty first", "20th", "1 st".
pub fn ordinal(tokens: &[Token], at: usize) -> Option<Number> {
    let token = tokens.get(at)?;
    if token.is_number() {
        let suffix = tokens.get(at + 1)?;
        let fits = matches!(suffix.text.as_str(), "st" | "nd" | "rd" | "th");
        let value = token.text.parse().ok()?;
        return (fits && matches!(suffix.gap, Gap::Joined | Gap::Space)).then_some(Number { value, len: 2 });
    }
    if let Some(value) = ordinal_word(&token.text) {
        return Some(Number { value, len: 1 });
    }
    if let Some(NumberWord::Tens(tens)) = number_word(&token.text) {
        let unit = tokens.get(at + 1).and_then(|t| ordinal_word(&t.text))?;
        return (unit < 10 && flows(tokens, at + 1)).then_some(Number {
            value: tens + unit,
            len: 2,
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::token::tokenize;

    fn read(text: &str) -> Option<(u64, usize)> {
        cardinal(&tokenize(text), 0).map(|n| (n.value, n.len))
    }

    #[test]
    fn cardinals_read_as_people_say_them() {
        for (text, value, len) in [
            ("zero", 0, 1),
            ("seventeen", 17, 1),
            ("twenty-one", 21, 2),
            ("seventy eight thousand seven hundred and one", 78_701, 7),
            ("a hundred and twenty", 120, 4),
            ("hundred", 100, 1),
            ("two hundred forty dollars", 240, 3),
            ("twelve hundred", 1200, 2),
            ("a thousand", 1000, 2),
            ("one million two hundred thousand and five", 1_200_005, 7),
            ("1,240", 1240, 2),
            ("2 thousand", 2000, 2),
            ("ten million and one", 10_000_001, 4),
            ("seven eight", 7, 1),
            ("one thousand zero zero zero one", 1000, 2),
        ] {
            assert_eq!(read(text), Some((value, len)), "{text}");
        }
        for text in ["", "and", "a", "a dog", "hello"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn ordinals_read_in_words_and_digits() {
        for (text, value, len) in [
            ("20th", 20, 2),
            ("twentieth", 20, 1),
            ("twenty first", 21, 2),
            ("twenty-third", 23, 2),
            ("1st", 1, 2),
        ] {
            assert_eq!(ordinal(&tokenize(text), 0), Some(Number { value, len }), "{text}");
        }
        assert_eq!(ordinal(&tokenize("20 days"), 0), None);
    }
}
