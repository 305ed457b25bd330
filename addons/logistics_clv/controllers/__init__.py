from . import value_workbook
