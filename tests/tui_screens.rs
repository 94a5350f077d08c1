//! The pictures of the README are what the program draws.

#[path = "../examples/screenshots.rs"]
#[allow(unreachable_pub, reason = "an example is a program of its own")]
mod screenshots;

#[test]
fn the_pictures_are_what_the_program_draws() {
    let drifted = screenshots::drifted();
    assert!(
        drifted.is_empty(),
        "{drifted:?} in docs/screens are old: `cargo run --example screenshots` draws them anew"
    );
}

#[test]
fn the_same_program_draws_the_same_pictures() {
    assert_eq!(screenshots::pictures(), screenshots::pictures());
}
