//! What must not compile. After a change of compiler: `TRYBUILD=overwrite cargo test -p scs-tests-ui`.

#[test]
fn misuse_does_not_compile() {
    trybuild::TestCases::new().compile_fail("misuse/*.rs");
}
