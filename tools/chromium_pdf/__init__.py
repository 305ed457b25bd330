"""Development and test PDF renderer with the command line of wkhtmltopdf.

It prints Odoo's reports with headless Chromium, so that headers, footers, page
numbers and text can be seen and tested where no wkhtmltopdf with patched Qt can be
had. Layouts differ slightly from wkhtmltopdf: look at a report's final form on the
Odoo image, which carries the real program.
"""
