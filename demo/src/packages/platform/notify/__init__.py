"""Messages to customers, and the record of them."""
