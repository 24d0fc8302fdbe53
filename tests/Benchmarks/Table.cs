namespace AgentPlatform.Benchmarks;

/// <summary>A Markdown table, to be read on a terminal and pasted into docs/benchmarks.md.</summary>
sealed class Table(params string[] header)
{
    readonly List<string[]> rows = [];

    public void Add(params string[] cells)
    {
        rows.Add(cells);
        Console.WriteLine("  " + string.Join("  ", cells));
    }

    public override string ToString()
    {
        var widths = header.Select((_, i) => rows.Append(header).Max(row => row[i].Length)).ToArray();
        return string.Join('\n', new[] { Line(header), "|" + string.Join('|', widths.Select(width => new string('-', width + 2))) + "|" }.Concat(rows.Select(Line)));

        string Line(string[] cells) => "| " + string.Join(" | ", cells.Select((cell, i) => cell.PadRight(widths[i]))) + " |";
    }
}
