//! Numbers and secrets that a caller volunteers and that must not be taken: identity numbers, cards, passwords, birth
//! dates (nothing in policy ever asks for them).

use super::clause::{before, has_phrase, word};
use super::digits::runs;
use super::token::{Gap, Token};

/// The first place of something that must not be kept, as a range of words.
pub fn find(tokens: &[Token]) -> Option<(usize, usize)> {
    for run in runs(tokens) {
        let count = run.digits.len();
        let written_ssn = run.groups == [3, 2, 4];
        let near = |words: &[&str]| (1..=6).any(|back| words.contains(&before(tokens, run.first, back)));
        let named = near(&[
            "social",
            "ssn",
            "security",
            "card",
            "visa",
            "mastercard",
            "debit",
            "pin",
            "password",
            "passcode",
            "cvv",
            "routing",
            "license",
        ]);
        let phone = near(&["phone", "call", "cell", "mobile", "reach"]);
        if written_ssn
            || (13..=19).contains(&count)
            || (named && count >= 3)
            || (count == 9 && run.groups != [5, 4] && !phone)
        {
            return Some((run.first, run.end));
        }
    }
    (0..tokens.len()).find_map(|at| {
        let birth = has_phrase(tokens, at..at + 3, &["date of birth"])
            || (word(tokens, at) == "born" && before(tokens, at, 1) != "was not")
            || word(tokens, at) == "birthday";
        let followed = tokens.get(at + 1..)?.iter().take(6).any(|t| {
            t.is_number()
                || super::number::number_word(&t.text).is_some()
                || super::number::ordinal_word(&t.text).is_some()
        });
        let asked = matches!(before(tokens, at, 1), "your")
            || matches!(tokens.get(at).map(|t| t.gap), Some(Gap::Joined));
        let secret = word(tokens, at) == "password" && word(tokens, at + 1) == "is";
        ((birth && followed && !asked) || secret).then_some((at, at + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::token::tokenize;

    #[test]
    fn volunteered_secrets_are_noticed() {
        for text in [
            "my social is 123-45-6789",
            "123 45 6789",
            "one two three four five six seven eight nine",
            "card number 4111 1111 1111 1111",
            "4111111111111111",
            "my date of birth is may 5 1980",
            "I was born on the 5th of may",
            "my pin is 4321",
            "my password is swordfish",
        ] {
            assert!(find(&tokenize(text)).is_some(), "{text}");
        }
        for text in [
            "78701",
            "I can pay on the 20th",
            "call me at 512 555 0100",
            "what is your date of birth 5",
            "78701-1234",
            "my birthday is friday",
        ] {
            assert_eq!(find(&tokenize(text)), None, "{text}");
        }
    }
}
