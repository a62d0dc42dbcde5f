"""What makes a break: rules that compare two records of the same thing. Standard library only, as in the domain.

- `breaks`: a difference, with the values of both sides. `movements`: what changed a customer's accounts, as stored.
- `balances`, `positions`, `orders`, `bookings`: what is compared. `customer_records`: all of it for one customer.
"""
