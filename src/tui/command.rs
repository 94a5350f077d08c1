//! Everything that can be done in the sandbox. A key, a click, a palette entry, the passing of time, the result of an
//! effect and a test all cause one of these and nothing else.
//!
//! Commands with a name can be bound to keys and are listed in the palette; the name and the sentence beside each are
//! what help, hints and documentation are made of.

use super::effect::{Report, ScenarioRef};
use super::pane::{Nav, Pane};
use crate::call::Key;
use crate::call::session::EntryId;
use std::time::Duration;

macro_rules! commands {
    ($( $group:ident { $( $variant:ident $name:literal $hint:literal $doc:literal )* } )*) => {
        /// Something to do.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum Command {
            $( $( #[doc = $doc] $variant, )* )*
            /// Press a key of the telephone.
            Press(Key),
            /// Move to a pane.
            Focus(Pane),
            /// Select a row of a pane's list, counted from the first.
            SelectRow(Pane, usize),
            /// Select a row and do what Enter does there.
            OpenRow(Pane, usize),
            /// Sort the jobs by a column.
            SortJobs(usize),
            /// Go to where this many turns have been heard.
            JumpToTurn(usize),
            /// Go to where this many of the scenario's events have been played.
            JumpToEvent(usize),
            /// Choose this entry of the open list.
            PickRow(usize),
            /// Read a scenario and open it.
            LoadScenario(ScenarioRef),
            /// Call a line by its name.
            CallLine(String),
            /// Call another preset of this line.
            CallPreset(String),
            /// Switch to a branch of the call.
            SwitchFork(EntryId),
            /// Enqueue a job for this preset.
            Enqueue(String),
            /// Type a character.
            Insert(char),
            /// Paste a text.
            Paste(String),
            /// Put the cursor of the input line at a column.
            PlaceCursor(u16),
            /// Click at a place on the screen.
            Click(u16, u16),
            /// Turn the wheel at a place on the screen, up or down.
            Wheel(u16, u16, Nav),
            /// Take the screen's new size.
            Resize(u16, u16),
            /// Let time pass.
            Elapse(Duration),
            /// Take the result of an effect.
            Report(Box<Report>),
        }

        impl Command {
            /// Every command that can be bound to a key by its bare name, in the order of the help.
            pub const NAMED: &'static [Self] = &[ $( $( Self::$variant, )* )* ];

            /// The name in keymaps and the palette.
            pub const fn name(&self) -> &'static str {
                match self {
                    $( $( Self::$variant => $name, )* )*
                    Self::Press(_) => "press",
                    Self::Focus(pane) => match pane {
                        Pane::Keypad => "pane keypad",
                        Pane::Transcript => "pane transcript",
                        Pane::Input => "pane input",
                        Pane::Graph => "pane graph",
                        Pane::Jobs => "pane jobs",
                        Pane::Scenario => "pane scenario",
                        Pane::Inspector => "pane inspector",
                    },
                    _ => "",
                }
            }

            /// One sentence that says what it does.
            pub const fn describe(&self) -> &'static str {
                match self {
                    $( $( Self::$variant => $doc, )* )*
                    Self::Press(_) => "Press a key of the telephone.",
                    Self::Focus(pane) => match pane {
                        Pane::Keypad => "Go to the keypad.",
                        Pane::Transcript => "Go to the transcript.",
                        Pane::Input => "Go to the input line.",
                        Pane::Graph => "Go to the state graph.",
                        Pane::Jobs => "Go to the jobs.",
                        Pane::Scenario => "Go to the scenario.",
                        Pane::Inspector => "Go to the inspector.",
                    },
                    Self::SelectRow(..) => "Select a row.",
                    Self::OpenRow(..) => "Open a row.",
                    Self::SortJobs(_) => "Sort the jobs by this column.",
                    Self::JumpToTurn(_) => "Go to this turn.",
                    Self::JumpToEvent(_) => "Go to this event of the scenario.",
                    Self::PickRow(_) => "Choose this entry.",
                    Self::LoadScenario(_) => "Open this scenario.",
                    Self::CallLine(_) => "Call this line.",
                    Self::CallPreset(_) => "Call this preset.",
                    Self::SwitchFork(_) => "Switch to this branch.",
                    Self::Enqueue(_) => "Enqueue a job for this preset.",
                    Self::Insert(_) => "Type a character.",
                    Self::Paste(_) => "Paste text.",
                    Self::PlaceCursor(_) => "Put the cursor here.",
                    Self::Click(..) => "Click.",
                    Self::Wheel(..) => "Turn the wheel.",
                    Self::Resize(..) => "Take the screen's new size.",
                    Self::Elapse(_) => "Let time pass.",
                    Self::Report(_) => "Take the result of an effect.",
                }
            }

            /// A word or two for the line of hints.
            pub const fn hint(&self) -> &'static str {
                match self {
                    $( $( Self::$variant => $hint, )* )*
                    Self::Focus(pane) => match pane {
                        Pane::Keypad => "keypad",
                        Pane::Transcript => "transcript",
                        Pane::Input => "type",
                        Pane::Graph => "graph",
                        Pane::Jobs => "jobs",
                        Pane::Scenario => "scenario",
                        Pane::Inspector => "inspector",
                    },
                    _ => "",
                }
            }

            /// The heading it stands under in the help.
            pub const fn group(&self) -> Group {
                match self {
                    $( $( Self::$variant => Group::$group, )* )*
                    Self::Press(_) => Group::Call,
                    _ => Group::Screen,
                }
            }
        }
    };
}

/// The headings of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The call.
    Call,
    /// Scenarios.
    Scenario,
    /// The queue.
    Jobs,
    /// The state graph and the inspector.
    View,
    /// Moving about.
    Move,
    /// Writing text.
    Text,
    /// The screen and the program.
    Screen,
}

impl Group {
    /// The heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Call => "Call",
            Self::Scenario => "Scenario",
            Self::Jobs => "Jobs",
            Self::View => "Graph and inspector",
            Self::Move => "Moving about",
            Self::Text => "Typing",
            Self::Screen => "Screen",
        }
    }
}

commands! {
    Call {
        StepBack "step-back" "back" "Go back one turn: undo the last key, utterance or event."
        StepForward "step-forward" "forward" "Go forward one turn that was stepped back over."
        BackToAnswer "back-answer" "back to answer" "Go back to before the last thing the line said."
        GoToEnd "to-end" "to the end" "Go forward to the last turn."
        JumpTurn "jump" "jump" "Choose a turn to go to."
        ListForks "forks" "forks" "List the branches of this call and switch to one."
        Silence "silence" "silence" "Say and key nothing until the line's deadline passes."
        HangUp "hang-up" "hang up" "Hang up, as the caller."
        Machine "machine" "machine" "Let an answering machine take the call."
        FailTransfer "fail-transfer" "fail transfer" "Let the transfer the line asked for fail."
        NewCall "new-call" "new call" "Start a new call on the same line."
        ChooseLine "line" "line" "Choose another line to call."
        ChoosePreset "preset" "preset" "Choose whom the collections line calls."
        Save "save" "save as scenario" "Save this call as a scenario file."
        ToggleNoInput "no-input-timers" "no-input timers" "Let no-input deadlines pass by themselves, or not (off at first: reading takes longer than listening)."
        ToggleLetters "letters" "A-D" "Show the keys A to D, or hide them."
    }
    Scenario {
        OpenScenario "open" "open scenario" "Open a scenario from the list."
        Step "step" "step" "Play the scenario's next event; without one, go forward a turn."
        Play "play" "play" "Play the scenario, or pause it."
        Faster "faster" "faster" "Play faster."
        Slower "slower" "slower" "Play slower."
        Restart "restart" "restart" "Go back to the scenario's beginning."
        RunToEnd "run-to-end" "run to end" "Play the rest of the scenario at once."
        ResumeScenario "resume" "resume" "Return to the scenario after taking over by hand."
        CloseScenario "close-scenario" "close scenario" "Put the scenario away; the call goes on by hand."
    }
    Jobs {
        EnqueueJob "enqueue" "enqueue" "Enqueue a job from a preset."
        OpenJob "open-job" "open" "Open the selected job: check that it may be called, lease it, start its call."
        CancelJob "cancel-job" "cancel" "Cancel the selected job."
        RetryJob "retry-job" "retry" "Put the selected job back into the queue."
        SkipToJob "skip-to-job" "skip" "Set the sandbox's clock forward to when the selected job may be called."
        FilterJobs "filter-jobs" "filter" "Show only the jobs that match a word."
        NextSort "sort-jobs" "sort" "Sort the jobs by the next column."
        RefreshJobs "refresh-jobs" "refresh" "Read the jobs from the store again."
    }
    View {
        Centre "centre" "centre" "Bring the current node to the middle of the state graph."
        ToggleOutline "outline" "outline" "Show the state graph as an outline, or as a drawing."
        ToggleFold "fold" "fold" "Open or close the selected branch."
        ToggleInspector "inspector" "inspector" "Show the inspector, or hide it."
    }
    Move {
        NextPane "next-pane" "next pane" "Go to the next pane."
        PreviousPane "previous-pane" "previous pane" "Go to the pane before."
        Zoom "zoom" "zoom" "Give the whole screen to this pane, or take it back."
        Up "up" "up" "Move up; in the input line, the utterance before."
        Down "down" "down" "Move down; in the input line, the utterance after."
        Left "left" "left" "Move left."
        Right "right" "right" "Move right."
        PageUp "page-up" "page up" "Move up a page; beside the transcript, scroll it."
        PageDown "page-down" "page down" "Move down a page; beside the transcript, scroll it."
        Top "top" "top" "Move to the beginning."
        Bottom "bottom" "end" "Move to the end; the transcript follows the call again."
        Accept "accept" "ok" "Do what is selected; send what is typed (nothing is silence)."
        Close "close" "close" "Close the dialog; leave the pane that fills the screen."
        Mark "mark" "mark" "Begin to mark rows of the transcript, or stop."
        Copy "copy" "copy" "Copy the selected or marked rows to the clipboard."
    }
    Text {
        DeleteBack "delete-back" "" "Delete the character before the cursor."
        DeleteForward "delete-forward" "" "Delete the character at the cursor."
        DeleteWord "delete-word" "" "Delete the word before the cursor."
        DeleteLine "delete-line" "" "Delete everything before the cursor."
        WordLeft "word-left" "" "Move back a word."
        WordRight "word-right" "" "Move forward a word."
        LineStart "line-start" "" "Move to the beginning of the line."
        LineEnd "line-end" "" "Move to the end of the line."
    }
    Screen {
        Help "help" "help" "Show what every key does."
        Palette "palette" "commands" "Find a command by its name."
        NextTheme "theme" "theme" "Change to the next theme: dark, light, mono."
        ToggleMouse "mouse" "mouse" "Use the mouse here, or leave it to the terminal's own selection."
        TakeUp "take-up" "take it up" "Take up the call of a sandbox that was killed."
        LetGo "let-go" "let it go" "Let the call of a sandbox that was killed go."
        Redraw "redraw" "redraw" "Draw the screen anew."
        Suspend "suspend" "suspend" "Leave the sandbox running in the background and return to the shell."
        Quit "quit" "quit" "Leave the sandbox."
    }
}

impl Command {
    /// Reads a command as keymaps write it: a name, `press 5`, or `pane jobs`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (name, argument) = (words.next()?, words.next());
        if words.next().is_some() {
            return None;
        }
        match (name, argument) {
            ("press", Some(key)) => {
                let mut chars = key.chars();
                let key = chars.next().and_then(Key::from_char)?;
                chars.next().is_none().then_some(Self::Press(key))
            }
            ("pane", Some(_)) => Pane::ALL.into_iter().map(Self::Focus).find(|c| c.name() == text),
            (name, None) => Self::NAMED.iter().find(|c| c.name() == name).cloned(),
            _ => None,
        }
    }

    /// The name with its argument, as keymaps write it.
    pub fn written(&self) -> String {
        match self {
            Self::Press(key) => format!("press {key}"),
            other => other.name().to_owned(),
        }
    }

    /// Every command that the palette offers.
    pub fn palette() -> impl Iterator<Item = Self> {
        let panes = Pane::ALL.into_iter().map(Self::Focus);
        Self::NAMED
            .iter()
            .filter(|c| {
                !matches!(c.group(), Group::Text | Group::Move)
                    || matches!(c, Self::Zoom | Self::Copy | Self::Mark)
            })
            .cloned()
            .chain(panes)
    }

    /// The move it means inside a pane, if it means one.
    pub const fn nav(&self) -> Option<Nav> {
        Some(match self {
            Self::Up => Nav::Up,
            Self::Down => Nav::Down,
            Self::Left => Nav::Left,
            Self::Right => Nav::Right,
            Self::PageUp => Nav::PageUp,
            Self::PageDown => Nav::PageDown,
            Self::Top => Nav::Top,
            Self::Bottom => Nav::Bottom,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_named_command_has_a_name_of_its_own_and_a_sentence() {
        let mut seen = BTreeSet::new();
        for command in Command::NAMED {
            assert!(seen.insert(command.name()), "{} twice", command.name());
            assert!(command.describe().ends_with(['.', ')']), "{}", command.describe());
        }
    }

    #[test]
    fn every_command_that_can_be_written_reads_back() {
        let panes = Pane::ALL.into_iter().map(Command::Focus);
        let keys = Key::TWELVE.into_iter().map(Command::Press);
        for command in Command::NAMED.iter().cloned().chain(panes).chain(keys) {
            let text = command.written();
            assert_eq!(Command::parse(&text).map(|c| c.written()), Some(text));
        }
    }

    #[test]
    fn what_is_no_command_reads_as_none() {
        for text in [
            "",
            "nothing",
            "press",
            "press 55",
            "press x",
            "pane",
            "pane attic",
            "quit now",
        ] {
            assert!(Command::parse(text).is_none(), "{text}");
        }
    }
}
