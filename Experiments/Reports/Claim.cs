namespace NativeNN.Experiments.Reports;

/// <summary>What measurement makes of a statement.</summary>
public enum Verdict
{
    Holds,
    Partly,
    DoesNotHold,

    /// <summary>The trainings had fewer epochs than the lecture's: their end says nothing yet.</summary>
    TooShort,

    /// <summary>The command line changed the recipe: what the lecture said was about another training.</summary>
    OtherSettings,
}

/// <summary>A statement of the lecture, what this run measured about it, and the verdict that follows from the numbers.</summary>
public sealed record Claim(string Said, string Measured, Verdict Verdict)
{
    public string VerdictText => Verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.Partly => "partly",
        Verdict.TooShort => "too short to tell",
        Verdict.OtherSettings => "not the lecture's settings",
        _ => "does not hold",
    };
}
