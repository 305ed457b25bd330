from . import value_statement
