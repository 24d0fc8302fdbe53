namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>One run of one expression over one value. A struct handed down by reference: a field chain allocates nothing.</summary>
struct Evaluation(in Datum root, CancellationToken ct)
{
    // Work between two looks at the token: well under a millisecond.
    const int Breath = 4096;

    Datum[]? variables;
    int left = ExpressionLimits.Work;
    int untilBreath = Breath;

    public readonly Datum Root = root;

    public void Charge(int units)
    {
        left -= units;
        untilBreath -= units;
        if (untilBreath < 0)
        {
            Breathe();
        }
    }

    public void ChargeLong(long units) => Charge((int)Math.Min(units, ExpressionLimits.Work + 1L));

    /// <summary>For reading or writing text: 16 characters a unit.</summary>
    public void ChargeText(long characters) => ChargeLong(1 + (characters >> 4));

    /// <summary>Before a value of that size is built, not after.</summary>
    public static void CheckSize(long characters)
    {
        if (characters > ExpressionLimits.ValueSize)
        {
            throw new ExpressionException(ExpressionErrorCode.Limit, $"The expression builds a value of more than {ExpressionLimits.ValueSize} characters.");
        }
    }

    /// <summary>A value that was just made from others: charged, and refused when it is too large or too deep to be written.</summary>
    public static void Admit(in Datum made)
    {
        CheckSize(made.Weight);
        if (made.Depth > ExpressionLimits.Nesting)
        {
            throw new ExpressionException(ExpressionErrorCode.Limit, $"The expression builds a value nested more than {ExpressionLimits.Nesting} deep.");
        }
    }

    /// <summary>Makes room for the variables of an expression; several may share one evaluation, one after the other.</summary>
    public void Reserve(int slots)
    {
        if (slots > (variables?.Length ?? 0))
        {
            variables = new Datum[slots];
        }
    }

    public readonly Datum Variable(int slot) => variables![slot];

    public readonly void Bind(int slot, in Datum value) => variables![slot] = value;

    void Breathe()
    {
        untilBreath = Breath;
        ct.ThrowIfCancellationRequested();
        if (left < 0)
        {
            throw new ExpressionException(ExpressionErrorCode.Limit, "The expression does more work on this data than one evaluation may.");
        }
    }
}
