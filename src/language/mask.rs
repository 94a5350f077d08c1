//! Masking: what a caller said, without any number in it.

use super::digits::runs;
use super::number::{number_word, ordinal_word};
use super::token::tokenize;

/// The text with every number masked, whether written in digits or said in words: each becomes `•••`.
pub fn numbers(text: &str) -> String {
    let tokens = tokenize(text);
    let mut hidden = vec![false; tokens.len()];
    for run in runs(&tokens) {
        if let Some(part) = hidden.get_mut(run.first..run.end) {
            part.fill(true);
        }
    }
    for (token, hide) in tokens.iter().zip(&mut hidden) {
        *hide |=
            token.is_number() || number_word(&token.text).is_some() || ordinal_word(&token.text).is_some();
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut open: Option<usize> = None;
    for (token, hide) in tokens.iter().zip(hidden) {
        if hide {
            // Numbers side by side are one.
            if open.is_none() {
                out.push_str(text.get(at..token.start).unwrap_or_default());
                out.push_str("•••");
            }
            open = Some(token.end);
            at = at.max(token.end);
        } else {
            open = None;
            if token.start >= at {
                out.push_str(text.get(at..token.end).unwrap_or_default());
                at = token.end;
            }
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    // Digits of other scripts are no tokens of ours, and digits all the same.
    out.chars()
        .map(|c| if c.is_numeric() { '•' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn no_number_is_left_in_any_form() {
        assert_eq!(numbers("my zip is 78701 ok"), "my zip is ••• ok");
        assert_eq!(numbers("seven eight seven oh one please"), "••• please");
        assert_eq!(numbers("card 4111-1111 1111"), "card •••");
        assert_eq!(numbers("the twentieth, thanks"), "the •••, thanks");
        assert_eq!(numbers("no numbers here"), "no numbers here");
        assert_eq!(numbers("٧٨٧٠١"), "•••••");
    }
}
