"""Take the pictures of the user guide, or of any page of an Odoo server."""
