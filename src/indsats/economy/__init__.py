"""The room of money: what the effort costs, what its effect returns, to whom, and how sure that is."""
