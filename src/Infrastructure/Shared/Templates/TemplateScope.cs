namespace AgentPlatform.Infrastructure.Shared.Templates;

/// <summary>A context as the compiler knows it.</summary>
/// <param name="IsRoot">It is the scope of the run itself.</param>
sealed record ContextFrame(bool IsRoot, bool IsLoop, string? Item = null, string? Position = null);

/// <summary>The contexts around the place that is being compiled, and the names of the scope that were read so far.</summary>
sealed class TemplateScope
{
    readonly List<ContextFrame> frames = [new(IsRoot: true, IsLoop: false)];
    readonly HashSet<string> rootFields = [];

    public IReadOnlySet<string> RootFields => rootFields;

    public void Enter(ContextFrame frame) => frames.Add(frame);

    public void Leave() => frames.RemoveAt(frames.Count - 1);

    public bool IsRoot(Operand operand) => operand is PathOperand { Names.Length: 0 } path && frames[path.Level].IsRoot;

    public void Reads(string rootField) => rootFields.Add(rootField);

    public PathOperand FromRoot(string[] names) => Noted(new PathOperand(0, names));

    /// <summary>The path from the context that stands <paramref name="up"/> levels above.</summary>
    public PathOperand Path(int up, string[] names, int position)
    {
        var level = frames.Count - 1 - up;
        return level >= 0 ? Noted(new PathOperand(level, names)) : throw TemplateRefusedException.Syntax("../ leads out of the template here.", position);
    }

    /// <summary>The innermost block parameter of that name (<c>as |item index|</c>), if there is one.</summary>
    public BlockParameterOperand? Parameter(string[] names)
    {
        for (var level = frames.Count - 1; level > 0 && names.Length > 0; level--)
        {
            var frame = frames[level];
            if (frame.Item == names[0] || frame.Position == names[0])
            {
                if (frame.IsRoot && frame.Item == names[0] && names.Length > 1)
                {
                    Reads(names[1]);
                }

                return new BlockParameterOperand(level, IsPosition: frame.Item != names[0], names[1..]);
            }
        }

        return null;
    }

    /// <summary><c>@index</c> of the innermost loop, or of the one <paramref name="up"/> loops further out.</summary>
    public LoopOperand Loop(string name, int up, int position)
    {
        for (var level = frames.Count - 1; level > 0; level--)
        {
            if (frames[level].IsLoop && up-- == 0)
            {
                return new LoopOperand(level, name);
            }
        }

        throw TemplateRefusedException.Syntax($"@{name} has a value only inside #each.", position);
    }

    PathOperand Noted(PathOperand path)
    {
        if (path.Names.Length > 0 && frames[path.Level].IsRoot)
        {
            Reads(path.Names[0]);
        }

        return path;
    }
}
