"""Small programs of blocks for tests."""

from xml.sax.saxutils import escape

NAMESPACE = "https://developers.google.com/blockly/xml"


def prints(*texts: str) -> str:
    """A stack of blocks that print `texts`, one below the other."""
    stack = ""
    for number, text in reversed(list(enumerate(texts))):
        value = f'<block type="text"><field name="TEXT">{escape(text)}</field></block>'
        follows = f"<next>{stack}</next>" if stack else ""
        stack = (
            f'<block type="text_print" id="print{number}" x="40" y="40">'
            f'<value name="TEXT">{value}</value>{follows}</block>'
        )
    return f'<xml xmlns="{NAMESPACE}">{stack}</xml>'


def runs(*lines: str) -> str:
    """A stack of blocks that hold Python as it is written."""
    stack = ""
    for number, line in reversed(list(enumerate(lines))):
        follows = f"<next>{stack}</next>" if stack else ""
        stack = (
            f'<block type="expression_statement" id="line{number}" x="40" y="40">'
            f'<field name="expression">{escape(line)}</field>{follows}</block>'
        )
    return f'<xml xmlns="{NAMESPACE}">{stack}</xml>'
