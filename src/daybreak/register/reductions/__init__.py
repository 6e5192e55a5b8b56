"""From rows to sufficient statistics: expressions that run where the rows are, and little that leaves there."""
