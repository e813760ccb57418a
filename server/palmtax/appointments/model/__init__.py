"""Values of appointments: topics, halls and their slots, bookings, tickets, fair order. Pure but for data files."""
