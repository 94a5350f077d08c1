//! Text to words: lower case, accents and apostrophes folded, contractions spelled out, each word with its bytes.

use smol_str::SmolStr;

/// What lies between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gap {
    /// Nothing: `6pm` is `6` and a joined `pm`.
    Joined,
    /// Only white space, or the start of the text.
    Space,
    /// One punctuation mark without white space: `2/20`, `1,240.00`, `twenty-one`.
    Mark(char),
    /// Punctuation with white space around it: the speaker paused.
    Pause(char),
}

/// One word, number or currency sign.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    /// The word in its folded form; a number keeps its digits as written.
    pub text: SmolStr,
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte. Words that one contraction was spelled out to share its bytes.
    pub end: usize,
    /// What lies before it.
    pub gap: Gap,
}

impl Token {
    /// Whether the word is written in digits.
    pub fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }
    /// Whether a new clause may begin here.
    pub const fn after_pause(&self) -> bool {
        matches!(self.gap, Gap::Pause(_))
    }
}

/// Contractions, in the form they have without their apostrophe, and what they stand for. A form that is also a word of
/// its own ("ill", "id", "well", "were", "shed") is only spelled out where it was written with the apostrophe.
const CONTRACTIONS: &[(&str, &str)] = &[
    ("aint", "is not"),
    ("arent", "are not"),
    ("cannot", "can not"),
    ("cant", "can not"),
    ("couldnt", "could not"),
    ("couldve", "could have"),
    ("didnt", "did not"),
    ("doesnt", "does not"),
    ("dont", "do not"),
    ("dunno", "do not know"),
    ("gimme", "give me"),
    ("gonna", "going to"),
    ("gotta", "got to"),
    ("hadnt", "had not"),
    ("hasnt", "has not"),
    ("havent", "have not"),
    ("heres", "here is"),
    ("hes", "he is"),
    ("hows", "how is"),
    ("im", "i am"),
    ("ima", "i am going to"),
    ("imma", "i am going to"),
    ("isnt", "is not"),
    ("itll", "it will"),
    ("its", "it is"),
    ("ive", "i have"),
    ("lemme", "let me"),
    ("lets", "let us"),
    ("mustnt", "must not"),
    ("neednt", "need not"),
    ("oughta", "ought to"),
    ("shes", "she is"),
    ("shouldnt", "should not"),
    ("shouldve", "should have"),
    ("thatd", "that would"),
    ("thatll", "that will"),
    ("thats", "that is"),
    ("theres", "there is"),
    ("theyd", "they would"),
    ("theyll", "they will"),
    ("theyre", "they are"),
    ("theyve", "they have"),
    ("wanna", "want to"),
    ("wasnt", "was not"),
    ("werent", "were not"),
    ("weve", "we have"),
    ("whats", "what is"),
    ("whens", "when is"),
    ("wheres", "where is"),
    ("whos", "who is"),
    ("whove", "who have"),
    ("wont", "will not"),
    ("wouldnt", "would not"),
    ("wouldve", "would have"),
    ("yall", "you all"),
    ("youd", "you would"),
    ("youll", "you will"),
    ("youre", "you are"),
    ("youve", "you have"),
];

/// Endings that an apostrophe marks in any word, tried where the table above has no row.
const ENDINGS: &[(&str, &str)] = &[
    ("'ll", "will"),
    ("'re", "are"),
    ("'ve", "have"),
    ("'d", "would"),
    ("'m", "am"),
];

/// The words of a text. Takes time linear in its length.
pub fn tokenize(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut scan = Scan {
        out: &mut out,
        word: &mut word,
        start: 0,
        end: 0,
        digits: false,
        seen: Between::default(),
    };
    for (at, c) in text.char_indices() {
        let next = at + c.len_utf8();
        if is_invisible(c) {
            continue;
        }
        if let Some(folded) = fold(c) {
            let digit = folded.starts_with(|c: char| c.is_ascii_digit());
            if !scan.word.is_empty() && digit != scan.digits {
                scan.flush();
            }
            if scan.word.is_empty() {
                scan.start = at;
                scan.digits = digit;
            }
            scan.word.push_str(&folded);
            scan.end = next;
        } else if is_apostrophe(c) && !scan.word.is_empty() && !scan.digits {
            // Kept until the word is complete: it tells "i'll" from "ill".
            scan.word.push('\'');
        } else {
            scan.flush();
            if matches!(c, '$' | '€' | '£' | '%' | '+' | '#') {
                scan.word.push(c);
                scan.start = at;
                scan.end = next;
                scan.flush();
            } else {
                scan.seen.push(c);
            }
        }
    }
    scan.flush();
    out
}

/// What was passed since the last word.
#[derive(Default)]
struct Between {
    space: bool,
    mark: Option<char>,
    marks: u32,
}

impl Between {
    fn push(&mut self, c: char) {
        if c.is_whitespace() || c.is_control() {
            self.space = true;
        } else {
            self.mark = self.mark.or(Some(c));
            self.marks = self.marks.saturating_add(1);
        }
    }
}

struct Scan<'a> {
    out: &'a mut Vec<Token>,
    word: &'a mut String,
    start: usize,
    end: usize,
    digits: bool,
    seen: Between,
}

impl Scan<'_> {
    fn flush(&mut self) {
        while self.word.ends_with('\'') {
            self.word.pop();
        }
        if self.word.is_empty() {
            return;
        }
        let first = self.out.is_empty();
        let gap = match (self.seen.mark, self.seen.space) {
            _ if first => Gap::Space,
            (None, false) => Gap::Joined,
            (None, true) => Gap::Space,
            (Some(mark), false) if self.seen.marks == 1 => Gap::Mark(mark),
            (Some(mark), _) => Gap::Pause(mark),
        };
        self.seen = Between::default();
        let (start, end) = (self.start, self.end);
        let mut gap = Some(gap);
        let out = &mut *self.out;
        let mut push = |text: SmolStr| {
            let gap = gap.take().unwrap_or(Gap::Space);
            out.push(Token {
                text,
                start,
                end,
                gap,
            });
        };
        let bare: SmolStr = if self.word.contains('\'') {
            self.word.chars().filter(|c| *c != '\'').collect()
        } else {
            SmolStr::new(&*self.word)
        };
        if let Ok(row) = CONTRACTIONS.binary_search_by(|(form, _)| (*form).cmp(bare.as_str())) {
            let full = CONTRACTIONS.get(row).map_or("", |(_, full)| full);
            full.split(' ').for_each(|w| push(SmolStr::new(w)));
        } else if let Some((stem, ending)) = ENDINGS
            .iter()
            .find_map(|(suffix, full)| self.word.strip_suffix(suffix).map(|stem| (stem, *full)))
        {
            push(stem.chars().filter(|c| *c != '\'').collect());
            push(SmolStr::new(ending));
        } else {
            push(bare);
        }
        self.word.clear();
    }
}

/// A letter or digit in lower case without its accent; `None` for anything that is not part of a word.
fn fold(c: char) -> Option<SmolStr> {
    if c.is_ascii_alphanumeric() {
        return Some(SmolStr::from_iter([c.to_ascii_lowercase()]));
    }
    if c.is_ascii() || !c.is_alphanumeric() {
        return None;
    }
    let lower = c.to_lowercase().next().unwrap_or(c);
    let plain = match lower {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        // Full-width forms, as some keyboards write them.
        '０'..='９' => char::from_u32(u32::from(lower) - u32::from('０') + u32::from('0')).unwrap_or(lower),
        other => other,
    };
    Some(SmolStr::from_iter([plain]))
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '＇')
}

/// Marks that take no room: joiners, direction marks, soft hyphens.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{0}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokenize(text).iter().map(|t| t.text.to_string()).collect()
    }

    #[test]
    fn the_contraction_table_is_sorted() {
        assert!(CONTRACTIONS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn contractions_are_spelled_out_with_any_apostrophe_or_none() {
        for text in ["I can't", "i cant", "I CAN’T", "I cannot"] {
            assert_eq!(words(text), ["i", "can", "not"], "{text}");
        }
        assert_eq!(words("I'll call"), ["i", "will", "call"]);
        assert_eq!(words("I am ill"), ["i", "am", "ill"]);
        assert_eq!(words("the wife's phone"), ["the", "wifes", "phone"]);
    }

    #[test]
    fn spans_point_at_the_bytes_of_the_word() {
        let text = "Él no está — can’t";
        let spans: Vec<&str> = tokenize(text).iter().map(|t| &text[t.start..t.end]).collect();
        assert_eq!(spans, ["Él", "no", "está", "can’t", "can’t"]);
        assert_eq!(words(text), ["el", "no", "esta", "can", "not"]);
    }

    #[test]
    fn gaps_tell_marks_from_pauses() {
        let gaps: Vec<Gap> = tokenize("2/20, 6pm x-y").iter().map(|t| t.gap).collect();
        assert_eq!(
            gaps,
            [
                Gap::Space,
                Gap::Mark('/'),
                Gap::Pause(','),
                Gap::Joined,
                Gap::Space,
                Gap::Mark('-')
            ]
        );
    }
}
