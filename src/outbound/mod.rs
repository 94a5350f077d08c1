//! Jobs, the pre-dial gate and the store.
