"""Questions the documents ask of doses, fidelity, subgroups, progression and the choice of whom to interview."""
