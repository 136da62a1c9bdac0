using System.Globalization;
using System.Net;
using System.Text;
using NativeNN.Experiments.Reports;

namespace NativeNN.Experiments.Study;

/// <summary>The graph as a page that goes through a step: forward lights up op by op, then backward in reverse, with what each op adds.
/// </summary>
internal static class GraphPage
{
    private const string Style = """
        #graph { max-width: 100%; height: auto; background: #fff; border: 1px solid var(--line); }
        #graph text { font: 11px system-ui, sans-serif; fill: #202020; text-anchor: middle; }
        #graph .edge { fill: none; stroke: #b5b5b5; stroke-width: 1.3; } #graph .box rect { stroke: #707070; }
        #graph .box, #graph .edge { opacity: .35; } #graph .share { opacity: 0; } #graph .share text { fill: #a02020; font-size: 10px; }
        #graph .share rect { fill: #fff; fill-opacity: .9; }
        #graph .seen { opacity: 1; } #graph .edge.seen { stroke: #606060; }
        #graph .now rect { stroke: #0757b8; stroke-width: 3; } #graph .edge.now { stroke: #0757b8; stroke-width: 2.5; }
        #graph .back.edge { stroke: #a02020; } #graph .back.now rect { stroke: #a02020; } #graph .back.edge.now { stroke-width: 2.5; }
        #step { min-height: 3.2em; max-width: none; }
        """;

    private const string Script = """
        (() => {
          const steps = JSON.parse(document.getElementById("steps").textContent);
          const slider = document.getElementById("at"), play = document.getElementById("play"), text = document.getElementById("step");
          slider.max = steps.length;
          let timer = null;
          const mark = (id, ...names) => document.getElementById(id)?.classList.add(...names);
          const show = at => {
            for (const part of document.querySelectorAll("#graph [id]")) part.classList.remove("seen", "now", "back");
            steps.slice(0, at).forEach((step, i) => {
              const names = step.backward ? ["seen", "back"] : ["seen"];
              if (i === at - 1) names.push("now");
              for (const id of step.parts) mark(id, ...names);
            });
            slider.value = at;
            text.textContent = at === 0 ? "Nothing is computed yet: press Play, or move the slider." : steps[at - 1].text;
            slider.setAttribute("aria-valuetext", text.textContent);
          };
          const stop = () => { clearInterval(timer); timer = null; play.textContent = "Play"; };
          slider.oninput = () => { stop(); show(Number(slider.value)); };
          play.onclick = () => {
            if (timer) return stop();
            if (Number(slider.value) === steps.length) show(0);
            play.textContent = "Pause";
            timer = setInterval(() => Number(slider.value) < steps.length ? show(Number(slider.value) + 1) : stop(), 1200);
          };
          show(0);
        })();
        """;

    public static string Html(GraphTrace trace, string title)
    {
        var layout = GraphLayout.Of(trace);
        var body = new StringBuilder();
        body.Append("<p>Forward computes every value from those above it. Backward then goes through the same ops in reverse: an op passes "
            + "its ")
            .Append("gradient on only when every op that used its result has added its share. Blue boxes are parameters, grey ones "
                + "inputs.</p>\n")
            .Append("<div class=\"chart\"><div class=\"time\"><button type=\"button\" id=\"play\">Play</button>")
            .Append("<input type=\"range\" id=\"at\" min=\"0\" step=\"1\" value=\"0\" aria-label=\"Step\"></div>\n")
            .Append("<p id=\"step\" role=\"status\"></p></div>\n");
        AppendPicture(body, trace, layout);
        body.Append("<h2>In words</h2>\n").Append($"<pre tabindex=\"0\">{Text(GraphText.Of(trace))}</pre>\n")
            .Append($"<script type=\"application/json\" id=\"steps\">{Steps(trace, layout)}</script>\n");
        return HtmlReport.Page(title, body.ToString(), Style, Script);
    }

    private static void AppendPicture(StringBuilder html, GraphTrace trace, GraphLayout layout)
    {
        var invariant = CultureInfo.InvariantCulture;
        html.Append(invariant, $"<svg id=\"graph\" role=\"img\" aria-label=\"The graph; it is written out below\" "
            + $"width=\"{layout.Width:F0}\" ")
            .Append(invariant, $"viewBox=\"0 0 {layout.Width:F0} {layout.Height:F0}\">\n");
        foreach (var edge in layout.Edges)
            html.Append($"<path class=\"edge\" id=\"{Id(edge)}\" d=\"M")
                .AppendJoin('L', layout.PathOf(edge).Select(p => string.Create(invariant, $"{p.X:F1} {p.Y:F1}"))).Append("\"/>\n");
        for (int i = 0; i < trace.Tensors.Count; i++)
        {
            var (box, lines) = (layout.BoxOf(i), GraphText.Lines(trace.Tensors[i]));
            html.Append(invariant, $"<g class=\"box\" id=\"t{i}\"><rect x=\"{box.Left:F1}\" y=\"{box.Top:F1}\" width=\"{box.Width:F1}\" ")
                .Append(invariant, $"height=\"{box.Height:F1}\" rx=\"5\" fill=\"{GraphText.FillOf(trace.Tensors[i])}\"/>");
            for (int line = 0; line < lines.Length; line++)
                html.Append(invariant, $"<text x=\"{box.Center.X:F1}\" y=\"{box.Top + 17 + 16 * line:F1}\">{Text(lines[line])}</text>");
            html.Append("</g>\n");
        }
        foreach (var edge in layout.Edges)
            if (GraphText.Share(edge) is { } share)
            {
                var path = layout.PathOf(edge);
                var (x, y) = ((path[0].X + path[1].X) / 2, (path[0].Y + path[1].Y) / 2);
                double width = 6.2 * share.Length;
                html.Append(invariant, $"<g class=\"share\" id=\"{Id(edge)}-share\"><rect x=\"{x - width / 2:F1}\" y=\"{y - 8:F1}\" "
                    + $"width=\"{width:F1}\" ")
                    .Append(invariant, $"height=\"15\"/><text x=\"{x:F1}\" y=\"{y + 4:F1}\">{Text(share)}</text></g>\n");
            }
        html.Append("</svg>\n");
    }

    /// <summary>[{"text", "backward", "parts": [ids]}, …]: every op forward, then every op backward.</summary>
    private static string Steps(GraphTrace trace, GraphLayout layout)
    {
        var steps = new List<object>();
        foreach (var op in trace.Ops)
        {
            string result = GraphText.Label(trace, op.Output), shape = trace.Tensors[op.Output].Shape.ToString();
            string from = string.Join(", ", op.Inputs.Select(x => GraphText.Label(trace, x)));
            steps.Add(new
            {
                text = $"Forward: {trace.Tensors[op.Output].Kind} computes {result} {shape} from {from}; values "
                    + $"{GraphText.Range(trace.Tensors[op.Output])}.",
                backward = false,
                parts = (string[])[.. op.Inputs.Select(x => $"t{x}"), $"t{op.Output}", .. EdgesTo(layout, op).Select(Id)],
            });
        }
        foreach (var op in trace.Ops.Reverse())
        {
            var value = trace.Tensors[op.Output];
            int users = layout.Edges.Count(e => e.From == op.Output);
            string why = users switch
            {
                0 => "the loss's own gradient is 1",
                1 => $"its gradient, norm {GraphText.Short(value.GradientNorm!.Value)}, is complete",
                _ => $"all {users} ops that used it have added their shares, so its gradient, norm "
                    + $"{GraphText.Short(value.GradientNorm!.Value)}, is complete",
            };
            var shares = EdgesTo(layout, op).Where(e => e.Share is not null).ToList();
            steps.Add(new
            {
                text = $"Backward: {value.Kind} of {GraphText.Label(trace, op.Output)}: {why}. It adds "
                    + string.Join(", ", shares.Select(e => $"{GraphText.Short(e.Share!.Value)} to {GraphText.Label(trace, e.From)}")) + ".",
                backward = true,
                parts = (string[])[$"t{op.Output}", .. shares.Select(Id), .. shares.Select(e => $"{Id(e)}-share")],
            });
        }
        return System.Text.Json.JsonSerializer.Serialize(steps);
    }

    private static IEnumerable<GraphLayout.Edge> EdgesTo(GraphLayout layout, TracedOp op) => layout.Edges.Where(e => e.To == op.Output);

    private static string Id(GraphLayout.Edge edge) => $"e{edge.From}-{edge.To}";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
