"""What all stores say of a customer and of a day, held against each other. Whatever differs is a break."""
