"""What people are asked: the library, their own questions, and what is chosen for a week or a month."""
