"""What the reader sees: pages made of the knowledge and the differential, and the ways to show them."""
