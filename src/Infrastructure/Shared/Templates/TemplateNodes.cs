using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Shared.Templates;

/// <summary>A compiled part of a template; holds no state, so one template serves every thread.</summary>
abstract record TemplateNode
{
    public abstract void Render(TemplateRun run);
}

sealed record TextNode(string Text) : TemplateNode
{
    public override void Render(TemplateRun run) => run.Write(Text);
}

sealed record ValueNode(Operand Operand) : TemplateNode
{
    public override void Render(TemplateRun run) => run.Write(TemplateRun.Print(run.Weighed(Operand.Value(run))));
}

/// <summary><c>#if</c>, and <c>#unless</c> with its two sides exchanged.</summary>
sealed record IfNode(Operand Condition, TemplateNode[] Then, TemplateNode[] Otherwise) : TemplateNode
{
    public override void Render(TemplateRun run) => run.Render(IsTrue(Condition.Value(run)) ? Then : Otherwise);

    // Handlebars' truth, which is not JMESPath's: 0 is false and {} is true.
    static bool IsTrue(in Datum value) => value.Kind switch
    {
        DatumKind.Number => value.GetDouble() != 0,
        DatumKind.Object => true,
        _ => value.IsTruthy,
    };
}

sealed record WithNode(Operand Operand, TemplateNode[] Body, TemplateNode[] Otherwise) : TemplateNode
{
    public override void Render(TemplateRun run)
    {
        var value = Operand.Value(run);
        if (value.Kind is not (DatumKind.Number or DatumKind.Object) && !value.IsTruthy)
        {
            run.Render(Otherwise);
            return;
        }

        run.Enter(new TemplateContext(value));
        run.Render(Body);
        run.Leave();
    }
}

sealed record EachNode(Operand Operand, TemplateNode[] Body, TemplateNode[] Otherwise) : TemplateNode
{
    public override void Render(TemplateRun run)
    {
        var value = Operand.Value(run);
        var count = value.Kind is DatumKind.Array or DatumKind.Object ? value.Length : 0;
        if (count == 0)
        {
            run.Render(Otherwise);
            return;
        }

        var index = 0;
        if (value.Kind == DatumKind.Array)
        {
            foreach (var item in value.EnumerateItems())
            {
                Once(run, new TemplateContext(item, index, Key: null, IsLast: ++index == count));
            }

            return;
        }

        foreach (var (name, member) in value.EnumerateMembers())
        {
            Once(run, new TemplateContext(member, index, name, IsLast: ++index == count));
        }
    }

    void Once(TemplateRun run, TemplateContext context)
    {
        run.Step(1);
        run.Enter(context);
        run.Render(Body);
        run.Leave();
    }
}
