from . import test_cdnow
from . import test_rate_sheet_to_value
from . import test_translation_template
