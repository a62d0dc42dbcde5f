"""What makes a break: rules that compare two records of the same thing. Standard library only, as in the domain."""
