using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>
/// How a graph is shown, and nothing that it does: frames around nodes. Only its shape is checked; a frame may name nodes that are not there,
/// so that taking a node out of a graph by hand breaks nothing.
/// </summary>
static class LayoutReader
{
    const int MaxFrames = 100;
    const int MaxNodes = 500;

    static readonly string[] Members = ["frames"];
    static readonly string[] FrameMembers = ["title", "nodes"];

    public static void Check(ObjectFields graph, List<GraphProblem> problems)
    {
        if (graph.Object("layout") is not { } layout || ObjectFields.Read(layout, graph.At("layout"), "A layout", Members, problems) is not { } fields || fields.Array("frames") is not { } frames)
        {
            return;
        }

        if (frames.GetArrayLength() > MaxFrames)
        {
            fields.Report("frames", GraphProblemCodes.LimitPassed, $"A layout has at most {MaxFrames} frames.");
            return;
        }

        foreach (var (index, frame) in frames.EnumerateArray().Index())
        {
            if (ObjectFields.Read(frame, JsonPointer.Append(fields.At("frames"), index), "A frame", FrameMembers, problems) is { } read)
            {
                CheckFrame(read);
            }
        }
    }

    static void CheckFrame(ObjectFields frame)
    {
        frame.Text("title", 0, 255);
        if (!frame.Require("nodes", "name the nodes that the frame is around.") || frame.Array("nodes") is not { } nodes)
        {
            return;
        }

        if (nodes.GetArrayLength() > MaxNodes || nodes.EnumerateArray().Any(node => node.ValueKind is not JsonValueKind.String || node.GetString() is not { Length: > 0 and <= 63 }))
        {
            frame.Report("nodes", GraphProblemCodes.InvalidValue, $"'nodes' must be at most {MaxNodes} ids of nodes.");
        }
    }
}
