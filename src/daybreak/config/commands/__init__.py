"""One module for each command of `daybreak`; the underscore keeps words like `import` out of Python's way."""
