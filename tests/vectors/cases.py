"""Documents and operations that are easily got wrong."""

from .runs import Json

XML = {
    "nothing": "<xml/>",
    "other namespaces": '<xml xmlns="http://www.w3.org/1999/xhtml"><block type="t" id="a"/></xml>',
    "missing ids": '<xml><block type="t"/><block type="t" id=""/><comment>Hi</comment></xml>',
    "ids that look given": '<xml><block type="t" id="~1"/><block type="t"/><block type="t"/></xml>',
    "ids that Blockly cannot hold": """<xml>
<block type="t" id="a_connection_b"><next><block type="t" id="b"/></next></block></xml>""",
    "duplicate ids": """<xml>
        <comment id="a">Second</comment>
        <block type="t" id="a"><value name="A"><shadow type="t" id="a"/></value>
        <next><block type="t" id="a"/></next></block></xml>""",
    "ids for shadows in shadows": """<xml><block type="t" id="a"><value name="A">
        <shadow type="s"><value name="B"><shadow type="s"/><block type="b"/></value></shadow>
        </value><next><block type="t"/></next></block></xml>""",
    "no id for what only looks like a block": """<xml><block type="t"><mutation>
        <block type="in_mutation"/></mutation></block><block type="t"/></xml>""",
    "ids that are words to JavaScript": """<xml><variables><variable id="__proto__">i</variable>
        </variables><block type="t" id="__proto__"><next><block type="t" id="constructor"/></next>
        </block><block type="t" id="1"/><block type="t" id="0"/></xml>""",
    "two fields of one name": """<xml><block type="t" id="a"><field name="F">1</field>
        <field name="F" id="v">2</field><field name="G">3</field></block></xml>""",
    "two inputs of one name": """<xml><block type="t" id="a">
        <value name="A"><block type="t" id="b"/></value>
        <value name="A"><block type="t" id="c"/></value>
        <statement name="A"><shadow type="t" id="d"/></statement></block></xml>""",
    "two shadows for one name": """<xml><block type="t" id="a">
        <value name="A"><shadow type="t" id="b"/></value>
        <statement name="A"><shadow type="t" id="c"/></statement></block></xml>""",
    "two of what there is one of": """<xml><block type="t" id="a"><mutation a="1"/>
        <comment>1</comment><data>1</data><mutation a="2"/><comment>2</comment><data>2</data>
        </block></xml>""",
    "empty places": """<xml><block type="t" id="a"><value name="A"/>
        <statement name="B"> </statement><value name="C"><block type="t" id="b"><next/></block>
        </value><next> </next></block></xml>""",
    "attributes where there are none": """<xml lang="en"><variables a="1"/>
        <block type="t" id="a"><value name="A" align="left"><block type="t" id="b"/></value>
        <data kind="note">1</data><next why="not"><block type="t" id="c"/></next></block></xml>""",
    "no names": """<xml><block type="t" id="a"><field>1</field><field name="">2</field>
        <value><block type="t" id="b"/></value></block></xml>""",
    "titles": """<xml><block type="t" id="a"><title name="NUM">1</title>
        <title name="VAR" id="v">i</title></block></xml>""",
    "attributes of fields": """<xml><block type="t" id="a"><field name="F" hue="3" id="">1</field>
        <field name="V" id="v" variabletype="" seen="yes">i</field></block></xml>""",
    "undeclared variables": """<xml><block type="t" id="a"><field name="V" id="v">i</field>
        <field name="W" id="w">i</field><field name="X" id="x" variabletype="N">i</field>
        <field name="Y" id="y" variabletype="N">i</field></block></xml>""",
    "clashing variables": """<xml><variables><variable id="v">i</variable>
        <variable id="w">i</variable><variable id="v">j</variable>
        <variable id="x" type="N">i</variable><variable id="y">I</variable></variables>
        <block type="t" id="a"><field name="V" id="w">i</field><field name="W" id="x">i</field>
        <field name="X" id="y">I</field></block></xml>""",
    "variables without ids": f"""<xml><variables><variable>i</variable><variable/>
        <variable type="N">i</variable><variable>{"n" * 70}</variable></variables></xml>""",
    "variables declared last, and twice": """<xml>
        <block type="t" id="a"><field name="V" id="v">i</field></block>
        <variables><variable id="w" islocal="true">i</variable></variables>
        <variables><variable id="x">j</variable></variables></xml>""",
    "a shadow on the canvas": """<xml><shadow type="t" id="a" x="1"><field name="F">1</field>
        <value name="A"><block type="t" id="b"/></value></shadow></xml>""",
    "a shadow of each kind": """<xml><block type="t" id="a">
        <value name="A"><shadow type="s" id="b"/><block type="t" id="c"/></value>
        <statement name="B"><shadow type="s" id="d"/></statement>
        <value name="C"><block type="t" id="e"/><shadow type="s" id="f"/></value>
        <next><shadow type="s" id="g"/><block type="t" id="h"/></next></block></xml>""",
    "inputs in no order": """<xml><block type="t" id="a"><value name="b"><block type="t"/></value>
        <value name="é"><block type="t"/></value><value name="a"><shadow type="t"/></value>
        <value name="😀"><block type="t"/></value><value name="ﬀ"><block type="t"/></value>
        <value name="B"><block type="t"/></value></block></xml>""",
    "places": """<xml><block type="t" id="a" x="1.5" y="-1.5"/><block type="t" id="b" x=" .4 "/>
        <block type="t" id="c" y="+1e3"/><block type="t" id="d" x="-0.2" y="0">
        <next><block type="t" id="e" x="9" y="9"/></next></block>
        <comment id="f" x="-0.5" y="2.49" w="200" h="100">Note</comment></xml>""",
    "unicode and entities": """<xml><block type="t" id="&lt;&quot;&gt;&amp;'é😀">
        <field name="&amp;">&lt;b&gt; &amp;amp; "q" 'a' 😀 &#x202e;é</field>
        <data><![CDATA[<>&"]]></data></block></xml>""",
    "tabs and line feeds": """<xml><block type="t" id="a" a="1&#10;2&#9;3
4"><field name="F">1&#10;2&#9;3
4</field><mutation a="&#10;&#9;">&#10;</mutation></block></xml>""",
    "only white space": """<xml> <block type="t" id="a"> <field name="F"> </field>
        <comment> </comment><data>  </data><mutation> <arg> </arg> text </mutation></block>
        <comment id="c"> </comment><comment id="d"></comment></xml>""",
    "comments and text cut in pieces": """<xml><!-- a --><block type="t" id="a">
        <field name="F">1<!-- b -->2<![CDATA[3]]></field></block></xml>""",
    "prefixed": """<b:xml xmlns:b="https://developers.google.com/blockly/xml" xmlns:c="urn:c">
        <b:block type="t" id="a" c:d="1" xml:space="preserve" e="2"><b:field name="F">1</b:field>
        </b:block></b:xml>""",
    "attributes of blocks": """<xml><block id="a" disabled="true" type="t" y="2" collapsed="true"
        x="1" deletable="false" data-x="é" inline="" disabled-reasons="A%2CB"/></xml>""",
    "elements of others": """<xml xmlns="http://www.w3.org/1999/xhtml"><toolbox id="t">
        <category name="x"> <block type="t"><next/></block></category></toolbox>
        <block type="t" id="a"/><yacodeblocks ya-version="208" language-version="33"></yacodeblocks>
        <comment id="b">No <b>text</b></comment><comment id="c">A text</comment></xml>""",
    "elements in namespaces": """<xml xmlns="https://developers.google.com/blockly/xml"
        xmlns:s="http://www.w3.org/2000/svg" xmlns:u="urn:u"><s:svg viewBox="0 0 1 1"
        u:a="1" b="2"> <s:g>one <u:i u:j="3"/> two</s:g> <block xmlns="" type="t"/> </s:svg>
        <p xmlns="urn:p"><q/><r xmlns="http://www.w3.org/1999/xhtml" s:t="&lt;"> </r></p>
        <block type="t" id="a"><x:y xmlns:x="urn:x"/><mutation><z xmlns="urn:z" u:v="w"/></mutation>
        </block></xml>""",
    "elements of others in blocks": """<xml><block type="t" id="a"><note>why <b>so</b></note>
        <value name="A"><hint/><block type="t" id="b"/></value><field name="F"><i>1</i></field>
        <data><d/></data><comment>a <i>b</i></comment>
        <value name="B"><block type="t" id="c"/></value>
        <statement xmlns:q="urn:q" q:r="1" name="C"><block type="t" id="d"/></statement>
        <field name="G" xmlns:q="urn:q" q:r="1">2</field></block></xml>""",
    "attributes in namespaces": """<xml xmlns:p="urn:p" xmlns:q="urn:q" lang="en" p:a="1">
        <comment id="c" q:b="2" w="9">Hi</comment><variables><variable id="v" p:a="1">i</variable>
        </variables><block type="t" id="a" q:b="2" c="3" p:a="&quot;" q:d="4" x="5">
        <mutation p:a="1" a="2"/></block></xml>""",
    "fields with attributes in namespaces": """<xml xmlns:p="urn:p"><variables>
        <variable id="v">i</variable></variables><block type="t" id="a">
        <field name="F" xml:space="preserve"> 1 </field><title name="G" a="1" p:b="&lt;">2</title>
        <field name="V" id="v" p:b="3">i</field><data p:b="4">5</data></block></xml>""",
    "types that are empty": """<xml><variables><variable type="" id="v">i</variable>
        <variable type="N" id="w">j</variable></variables><block type="t" id="a">
        <field name="A" id="v" variabletype="">i</field><field name="C" variabletype="">k</field>
        <field name="B" id="w" variabletype="" b="1">j</field></block></xml>""",
    "another namespace for all": """<xml xmlns="urn:blocks"><block type="t" id="a">
        <block xmlns="urn:other" type="t"/><field xmlns="" name="F">1</field></block></xml>""",
    "ids of our own": '<xml lang="en"><block type="t" id="#xml"/></xml>',
    "types of all kinds": '<xml><block type="a b" id="a"/><block type="一/&lt;&gt;" id="b"/></xml>',
    "places that are none": """<xml><block type="t" id="a" x="NaN" y="12,5"/>
        <block type="t" id="b" x="10px" y=""/><block type="t" id="c" x="left" y="1e"/></xml>""",
    "a comment of a block": """<xml><block type="t" id="a"><comment pinned="true" h="80" w="160"
        >Why &lt;so&gt;</comment></block></xml>""",
}

_STATEMENT = {"t": "t", "s": {"in": [["A", "v"], ["DO", "s"]], "joints": "pn"}}
_CAP = {"t": "t", "s": {"in": [], "joints": "p"}}
_VALUE = {"t": "v", "s": {"in": [], "joints": "o"}}
_STACK: Json = {
    "blocks": {
        "a": {**_STATEMENT, "at": [20, None]},
        "b": {**_STATEMENT, "at": ["a"]},
        "c": {**_STATEMENT, "at": ["b"]},
        "v": {**_VALUE, "at": ["b", "A", "v"]},
        "free": {**_STATEMENT, "at": [0, 0]},
        "value": {**_VALUE, "at": [999990, 5]},
        "cap": {**_CAP, "at": [1, 1]},
        "any": {"t": "?", "at": [None, None]},
        "note": {"t": "#comment", "at": [0, 0]},
    }
}
_VARS: Json = {
    "blocks": {
        "a": {"t": "t", "at": [0, 0], "f:V": {"var": "v"}},
        "b": {"t": "t", "at": [0, 0], "m": '<mutation a="w" b="q&quot;&amp;"/>'},
        "p": {"t": "procedures_defnoreturn", "at": [0, 0], "f:NAME": "do"},
        "q": {"t": "procedures_defreturn", "at": [0, 0], "f:NAME": "do2"},
        "x": {"t": "t", "at": [0, 0], "x": '<field name="V" id="in x">k</field>'},
    },
    "vars": {
        "v": {"name": "i", "type": ""},
        "w": {"name": "j", "type": "", "attrs": [["islocal", "true"]]},
        'q"&': {"name": "q", "type": ""},
        "in x": {"name": "k", "type": ""},
        "free": {"name": "i", "type": "N"},
    },
}


def _mv(block_id: str, *at: object) -> Json:
    return {"op": "mv", "id": block_id, "at": list(at)}


def _set(block_id: str, **keys: object) -> Json:
    return {"op": "set", "id": block_id, "keys": keys}


def _new(block_id: str, *at: object, **keys: object) -> Json:
    return {"op": "new", "id": block_id, "record": {"t": "t", "at": list(at), **keys}}


_NO_INPUTS = {"in": [], "joints": "pn"}
_OTHER_KIND = {"in": [["A", "s"], ["DO", "s"]], "joints": "pn"}

OPERATIONS: list[tuple[str, Json, list[Json]]] = [
    (f"{rule} {number}", start, ops if isinstance(ops, list) else [ops])
    for rule, start, cases in [
        ("R1", _STACK, [_mv("no", 1, 1), _set("no", d="1"), _mv("a", "no"), _new("a", 1, 1)]),
        (
            "R2",
            _STACK,
            [
                _mv("a", "c"),
                _mv("a", "a"),
                _mv("a", "b", "DO", "s"),
                _mv("a", "note"),
                _mv("note", "a"),
                _mv("value", "a", "B", "v"),
                _mv("value", "a", "DO", "v"),
                _mv("value", "a", "DO", "s"),
                _mv("value", "a"),
                _mv("free", "a", "A", "v"),
                _mv("free", "cap"),
                _mv("any", "a", "A", "v"),
                _mv("free", "any", "A", "v"),
                _mv("free", "any", "A", "s"),
                _new("n", "no"),
                _new("n", "b", "A", "v"),
                _new("n", "cap"),
            ],
        ),
        (
            "R3",
            _STACK,
            [
                _mv("free", "a"),
                _mv("cap", "a"),
                _mv("value", "b", "A", "v"),
                _mv("any", "b", "A", "v"),
                _mv("c", "a"),
                [_mv("free", "a"), _mv("any", "a")],
                [_mv("any", "free", "DO", "s"), _mv("b", "free", "DO", "s")],
                [_mv("any", "free"), _mv("cap", "any"), _mv("free", "a")],
                _new("n", "a"),
            ],
        ),
        (
            "R4",
            _STACK,
            [
                {"op": "del", "ids": ["a"]},
                {"op": "del", "ids": ["b"]},
                {"op": "del", "ids": ["b", "a", "no", "b"]},
                {"op": "del", "ids": ["a", "b", "c"]},
                {"op": "del", "ids": ["note", "value"]},
                [{"op": "del", "ids": ["b"]}, _new("b", "a")],
                [_mv("b", "free", "DO", "s"), {"op": "del", "ids": ["free", "b"]}],
                [_mv("any", "a", "A", "v"), _mv("cap", "any"), {"op": "del", "ids": ["any"]}],
            ],
        ),
        (
            "R5",
            _STACK,
            [
                _set("b", m="<mutation/>", s=_NO_INPUTS),
                _set("b", s=_OTHER_KIND),
                _set("b", m="<mutation/>"),
                _set("b", s=None),
                _set("b", s={"in": [["A", "v"]], "joints": "o"}),
                _set("b", s={"in": [], "joints": ""}),
                _set("b", m="<mutation/>", s=_STATEMENT["s"]),
                [_set("b", m="<mutation/>"), _set("b", m=None)],
                [_set("b", m="<mutation/>"), _set("b", m=None, s=_STATEMENT["s"])],
            ],
        ),
        ("R6", _STACK, [[_mv("any", "value"), _mv("v", "b", "A", "v"), _mv("value", 0, 0)]]),
        (
            "R6 far away",
            {
                "blocks": {
                    "a": {"t": "t", "at": [1000000, 999990]},
                    "b": {"t": "t", "at": ["a", "A", "v"]},
                }
            },
            [{"op": "del", "ids": ["a"]}, _new("n", "a", "A", "v")],
        ),
        (
            "R7",
            _VARS,
            [
                {"op": "var", "id": "n", "name": "i"},
                {"op": "var", "id": "n", "name": "i", "type": "N"},
                {"op": "var", "id": "w", "name": "i", "type": "N"},
                {"op": "var", "id": "n", "name": "I"},
                [{"op": "var", "id": "w", "name": "i2"}, {"op": "var", "id": "n", "name": "i"}],
                _set("b", **{"f:V": {"var": "n", "name": "i", "type": ""}}),
                _set("b", **{"f:V": {"var": "n", "name": "i", "type": "S"}}),
                _set("b", **{"f:V": {"var": "w", "name": "other", "type": "S"}}),
                _set("b", **{"f:V": {"var": "n"}}),
                _new("n", 0, 0, **{"f:V": {"var": "n", "name": "n", "tag": "title"}}),
            ],
        ),
        (
            "R8",
            _VARS,
            [
                {"op": "vdel", "id": "v"},
                {"op": "vdel", "id": "w"},
                {"op": "vdel", "id": 'q"&'},
                {"op": "vdel", "id": "in x"},
                {"op": "vdel", "id": "free"},
                {"op": "vdel", "id": "no"},
                [_set("a", **{"f:V": None}), {"op": "vdel", "id": "v"}],
                [_set("b", **{"sh:A": '<shadow id="free"/>'}), {"op": "vdel", "id": "free"}],
                [{"op": "vdel", "id": "free"}, {"op": "var", "id": "free", "name": "i"}],
            ],
        ),
        (
            "R9",
            _VARS,
            [
                _set("q", **{"f:NAME": "do"}),
                _set("p", **{"f:NAME": "do"}),
                _set("a", **{"f:NAME": "do"}),
                {
                    "op": "new",
                    "id": "n",
                    "record": {"t": "procedures_defreturn", "at": [0, 0], "f:NAME": "do"},
                },
            ],
        ),
        (
            "R10",
            _VARS,
            [
                _set("a", **{"f:V": {"var": "v", "name": "i"}, "m": None}),
                _mv("a", 0, 0),
                [_mv("a", 1, 1), _mv("a", 0, 0)],
                [_new("n", 1, 1), {"op": "del", "ids": ["n"]}],
                {"op": "var", "id": "v", "name": "i"},
                [],
                _set("a", t="other", at=[5, 5], tag="shadow"),
            ],
        ),
    ]
    for number, ops in enumerate(cases, 1)
]
