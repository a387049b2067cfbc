"""The Scrapy project: reads the organisation's own web sites for the accounts they link to."""
