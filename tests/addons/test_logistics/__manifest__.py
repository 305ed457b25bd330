{
    "name": "Logistics: end-to-end tests",
    "summary": "What spans the three addons, on real input",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Freight CRM founders",
    "license": "LGPL-3",
    "depends": ["logistics_quote", "logistics_clv", "sale_stock"],
}
