using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NativeNN.Experiments.Study;

/// <summary>An op's formula: what its public method's documentation begins with; that lies beside the engine as XML.</summary>
internal static partial class Formulas
{
    private const string TensorMember = "NativeNN.Tensor.";

    // Methods that are written with an operator or with brackets.
    private static readonly Dictionary<string, string> Operators = new()
    {
        ["Add"] = "op_Addition",
        ["Sub"] = "op_Subtraction",
        ["Mul"] = "op_Multiply",
        ["Div"] = "op_Division",
        ["Scale"] = "op_Multiply(NativeNN.Tensor,System.Single)",
        ["Slice"] = "Element(System.Range,System.Range)",
    };

    private static readonly Lazy<Dictionary<string, string>> Sentences = new(Read);

    /// <summary>"" for what has no public method: Identity, Function.</summary>
    public static string Of(OpCase one)
    {
        string op = one.Name.Split(' ', ',')[0], member = Operators.GetValueOrDefault(op, op);
        return Sentences.Value.GetValueOrDefault(member)
            ?? Sentences.Value.FirstOrDefault(s => s.Key.StartsWith(member + '(', StringComparison.Ordinal)).Value ?? "";
    }

    private static Dictionary<string, string> Read()
    {
        string path = Path.Combine(AppContext.BaseDirectory, typeof(Tensor).Assembly.GetName().Name + ".xml");
        if (!File.Exists(path))
            return [];
        return XDocument.Load(path).Descendants("member")
            .Select(member => (Name: member.Attribute("name")!.Value[2..], Summary: member.Element("summary")?.Value ?? ""))
            .Where(member => member.Name.StartsWith(TensorMember, StringComparison.Ordinal))
            .ToDictionary(member => member.Name[TensorMember.Length..], member => Beginning(member.Summary));
    }

    private static string Beginning(string text) =>
        Spaces().Replace(text, " ").Trim().Split([". ", "; "], StringSplitOptions.None)[0].TrimEnd('.');

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
