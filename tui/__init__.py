"""The full-screen face: shows the same readings as `check`, and computes none of them."""
