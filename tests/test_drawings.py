"""What a script shows on its chart, as the report has it."""

import pytest
from conftest import wave

SCRIPT = """//@version=6
strategy("shows", overlay = true, max_labels_count = 3)
p = plot(close, "line", color = close > open ? color.green : color.red, style = plot.style_stepline, offset = 2)
q = plot(open, "open", display = display.none)
fill(p, q, color.new(color.blue, 80), "between")
hline(100, "level", color.purple, linestyle = hline.style_dotted)
plotshape(bar_index % 5 == 0, "shape", shape.triangleup, location.belowbar, color.lime, text = "UP", size = size.small)
plotchar(bar_index == 3, "char", "A", location.top)
plotarrow(close - open, "arrow", colorup = color.green, colordown = color.red)
plotcandle(open, high, low, close, "candle", color = color.aqua)
bgcolor(bar_index == 4 ? color.new(color.yellow, 70) : na)
barcolor(bar_index == 5 ? color.fuchsia : na)
if bar_index % 2 == 0
    label.new(bar_index, high, str.tostring(bar_index), color = color.orange)
if barstate.islast
    a = line.new(bar_index - 10, low, bar_index + 5, high, extend = extend.right, width = 2)
    b = line.new(time[10], high, time, high, xloc.bar_time)
    linefill.new(a, b, color.new(color.gray, 50))
    box.new(bar_index - 5, high, bar_index, low, text = "box", bgcolor = color.new(color.teal, 60))
    t = table.new(position.top_right, 2, 1)
    t.cell(1, 0, "cell", text_color = color.white)
    polyline.new(array.from(chart.point.from_index(1, 100), chart.point.from_index(4, 101)), closed = true)
    alert("last")
    log.info("bar {0}", bar_index)
"""


@pytest.fixture
def report(program):
    program.write("wave.csv", wave(50))
    program.write("shows.pine", SCRIPT)
    return program("backtest", "shows.pine", "--csv", "wave.csv", "--json").json()


def test_plots_carry_their_styles_and_a_value_and_colour_for_each_bar(report):
    plots = {plot["kind"] + " " + plot["title"]: plot for plot in report["plots"]}
    line = plots["plot line"]
    assert (line["style"], line["time_offset"], line["visible"]) == ("plot.style_stepline", 2, True)
    assert len(line["values"]) == len(line["colors"]["index"]) == 50
    assert set(line["colors"]["palette"]) == {"#4CAF50FF", "#F23645FF"}
    assert not plots["plot open"]["visible"]
    fill = plots["fill between"]
    assert [report["plots"][fill[end]]["title"] for end in ("first", "second")] == ["line", "open"]
    assert fill["color"].endswith("33") and fill["values"] == []
    level = plots["hline level"]
    assert (level["color"], level["style"], level["values"][7]) == ("#9C27B0FF", "hline.style_dotted", 100)
    shape = plots["shape shape"]
    assert (shape["style"], shape["location"], shape["text"]) == ("shape.triangleup", "location.belowbar", "UP")
    assert [bar for bar, value in enumerate(shape["values"]) if value] == list(range(0, 50, 5))
    assert shape["size"] == "size.small"
    assert plots["char char"]["text"] == "A"
    assert plots["arrow arrow"]["down_color"] == "#F23645FF"
    candle = plots["candle candle"]
    assert all(low <= close <= high for low, close, high in zip(candle["low"], candle["values"], candle["high"]))
    background = plots["background "]
    assert [bar for bar, color in enumerate(background["colors"]["index"]) if color is not None] == [4]
    assert background["colors"]["palette"] == ["#FDD8354D"]
    assert [bar for bar, color in enumerate(plots["bar_color "]["colors"]["index"]) if color is not None] == [5]


def test_drawings_that_are_there_at_the_end_come_with_their_places_as_bars(report):
    drawings = report["drawings"]
    assert [(label["x"], label["text"], label["color"]) for label in drawings["labels"]] == [
        (44, "44", "#FF9800FF"), (46, "46", "#FF9800FF"), (48, "48", "#FF9800FF")]
    first, second = drawings["lines"]
    assert (first["x1"], first["x2"], first["extend"], first["width"]) == (39, 54, "extend.right", 2)
    assert (second["x1"], second["x2"]) == (39, 49), "placed by time"
    assert (drawings["linefills"][0]["line1"], drawings["linefills"][0]["line2"]) == (0, 1)
    assert (drawings["boxes"][0]["left"], drawings["boxes"][0]["text"]) == (44, "box")
    table = drawings["tables"][0]
    assert table["position"] == "position.top_right"
    assert [(cell["column"], cell["row"], cell["text"]) for cell in table["cells"]] == [(1, 0, "cell")]
    polyline = drawings["polylines"][0]
    assert polyline["points"] == [{"x": 1, "y": 100}, {"x": 4, "y": 101}] and polyline["closed"]
    assert report["drawing_parts_left_out"] == report["plot_bars_left_out"] == report["messages_left_out"] == 0


def test_messages_say_what_they_are(report):
    assert [(message["kind"], message["text"]) for message in report["messages"]] == [
        ("alert", "last"), ("log.info", "bar 49")]


def test_more_than_fits_is_left_out_and_counted(program):
    program.write("long.csv", wave(100_010))
    program.write("many.pine", """//@version=6
strategy("many")
plot(bar_index, "n")
log.info("x")
if barstate.islast
    points = array.new<chart.point>()
    for i = 0 to 8999
        points.push(chart.point.from_index(i, i))
    for i = 1 to 3
        polyline.new(points)
    label.new(bar_index, close, str.repeat("äb", 3000))
""")
    report = program("backtest", "many.pine", "--csv", "long.csv", "--json").json()
    plot = report["plots"][0]
    assert (report["plot_bars_left_out"], plot["first_bar"], len(plot["values"])) == (10, 10, 100_000)
    assert plot["values"][0] == 10
    assert sum(len(line["points"]) for line in report["drawings"]["polylines"]) == 20_000
    assert report["drawing_parts_left_out"] == 3 * 9_000 - 20_000
    assert report["messages_left_out"] == 100_010 - 10_000 and len(report["messages"]) == 10_000
    text = report["drawings"]["labels"][0]["text"]
    assert len(text.encode()) <= 4_096 + 3 and text.endswith("b…")
