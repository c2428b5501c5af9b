"""The templates, the stylesheet and the icon of the summary and the console."""
