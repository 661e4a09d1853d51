"""A project's way from its build backend to setuptools and setuptools-scm."""
