"""What is in the bucket already, labelled by the state machine `label-library`: counted, started, watched, stopped."""
