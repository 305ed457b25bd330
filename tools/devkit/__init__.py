"""What ./dev is made of: one module a subject, standard library only up to the venv."""
