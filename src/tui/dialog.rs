//! What asks the operator something: the help, a list to choose from, a question answered with a text.

use super::command::Command;
use super::pane::edit::Edit;
use super::pane::{Nav, scroll_to, select};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// An open dialog.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// What every key does; how far it is scrolled.
    Help(usize),
    /// A list to choose from.
    List(List),
    /// A question answered with a text.
    Prompt(Prompt),
}

/// One thing that can be chosen.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is.
    pub label: String,
    /// More about it, in dim text beside or below.
    pub detail: String,
    /// A key or a mark at the right edge.
    pub mark: String,
    /// What choosing it does; nothing can be done with some.
    pub command: Option<Command>,
}

/// A list that narrows as one types.
#[derive(Clone, Debug)]
pub struct List {
    /// What is chosen here.
    pub title: String,
    /// What to say where nothing matches.
    pub empty: String,
    /// What was typed.
    pub filter: Edit,
    items: Vec<Item>,
    /// The items that match, the best first, and which of their letters do.
    matches: Vec<(usize, Vec<u32>)>,
    /// Which of the matches is selected.
    pub selected: usize,
    /// The first match in view.
    pub first: usize,
    /// How many were in view when last drawn.
    pub page: usize,
}

impl List {
    /// A list with everything in it.
    pub fn new(title: &str, empty: &str, items: Vec<Item>) -> Self {
        let mut list = Self {
            title: title.to_owned(),
            empty: empty.to_owned(),
            filter: Edit::default(),
            items,
            matches: Vec::new(),
            selected: 0,
            first: 0,
            page: 1,
        };
        list.narrow();
        list
    }

    /// The same list standing at one of its items.
    #[must_use]
    pub fn at(mut self, selected: usize) -> Self {
        self.selected = selected.min(self.matches.len().saturating_sub(1));
        self
    }

    /// Keeps the items that match what was typed, the best match first.
    pub fn narrow(&mut self) {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(self.filter.text(), CaseMatching::Ignore, Normalization::Smart);
        let mut scored: Vec<(u32, usize, Vec<u32>)> = Vec::new();
        let mut room = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            // The label counts most; what matches only in the detail comes after, unmarked.
            let mut letters = Vec::new();
            let label = Utf32Str::new(&item.label, &mut room);
            if let Some(score) = pattern.indices(label, &mut matcher, &mut letters) {
                letters.sort_unstable();
                letters.dedup();
                scored.push((score.saturating_add(1000), index, letters));
                continue;
            }
            let detail = Utf32Str::new(&item.detail, &mut room);
            if let Some(score) = pattern.score(detail, &mut matcher) {
                scored.push((score, index, Vec::new()));
            }
        }
        if !self.filter.is_empty() {
            scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        }
        self.matches = scored
            .into_iter()
            .map(|(_, index, letters)| (index, letters))
            .collect();
        (self.selected, self.first) = (0, 0);
    }

    /// Moves the selection.
    pub fn navigate(&mut self, nav: Nav) {
        self.selected = select(self.selected, self.matches.len(), self.page, nav);
    }

    /// Takes what can be seen of the list into account; says which matches are in view.
    pub fn view(&mut self, height: usize) -> impl Iterator<Item = (usize, &Item, &[u32])> {
        self.page = height.max(1);
        self.first =
            scroll_to(self.first, self.selected, height).min(self.matches.len().saturating_sub(height));
        self.matches
            .iter()
            .enumerate()
            .skip(self.first)
            .take(height)
            .filter_map(|(row, (index, letters))| {
                self.items.get(*index).map(|item| (row, item, letters.as_slice()))
            })
    }

    /// The selected item.
    pub fn chosen(&self) -> Option<&Item> {
        self.matches
            .get(self.selected)
            .and_then(|(index, _)| self.items.get(*index))
    }

    /// How many items match, and how many there are.
    pub const fn counts(&self) -> (usize, usize) {
        (self.matches.len(), self.items.len())
    }
}

/// What a prompt's answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A name for the scenario file.
    SaveAs,
    /// A word that jobs must match.
    JobFilter,
}

/// A question answered with a text.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What for.
    pub asked: Asked,
    /// The answer so far.
    pub edit: Edit,
}

impl Prompt {
    /// The title.
    pub const fn title(&self) -> &'static str {
        match self.asked {
            Asked::SaveAs => "Save this call as a scenario",
            Asked::JobFilter => "Filter jobs",
        }
    }
    /// What to write.
    pub const fn help(&self) -> &'static str {
        match self.asked {
            Asked::SaveAs => "A name, kept in scenarios/, or a path. It holds what was said and keyed.",
            Asked::JobFilter => "A state, an account, an outcome; nothing shows all.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> List {
        let item = |label: &str, detail: &str| Item {
            label: label.to_owned(),
            detail: detail.to_owned(),
            mark: String::new(),
            command: None,
        };
        List::new(
            "t",
            "none",
            vec![
                item("happy_path", "a promise"),
                item("wrong_party", ""),
                item("dispute", "happy end"),
            ],
        )
    }

    fn labels(list: &mut List) -> Vec<String> {
        list.view(10).map(|(_, i, _)| i.label.clone()).collect()
    }

    #[test]
    fn typing_narrows_and_labels_come_before_details() {
        let mut l = list();
        assert_eq!(labels(&mut l), ["happy_path", "wrong_party", "dispute"]);
        l.filter.insert("happy");
        l.narrow();
        assert_eq!(labels(&mut l), ["happy_path", "dispute"]);
        l.filter.insert("zzz");
        l.narrow();
        assert!(l.chosen().is_none());
    }

    #[test]
    fn the_selection_stays_inside_and_in_view() {
        let mut l = list();
        l.navigate(Nav::Up);
        l.navigate(Nav::Bottom);
        l.navigate(Nav::Down);
        assert_eq!(l.chosen().map(|i| i.label.as_str()), Some("dispute"));
        let rows: Vec<usize> = l.view(2).map(|(row, ..)| row).collect();
        assert_eq!(rows, [1, 2]);
    }
}
