using System.Text.Json;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Agents;

/// <summary>How much one execution of a customer's code may take; it is killed where it passes one of them.</summary>
/// <param name="Timeout">By the clock, 10 ms to 5 minutes.</param>
/// <param name="Cpu">Of processor time, over all its threads, 10 ms to one minute.</param>
/// <param name="MemoryMib">On top of what the idle interpreter holds, 16 to 512 MiB.</param>
/// <param name="OutputBytes">The result as JSON, 1 byte to 4 MiB.</param>
public sealed record CodeLimits(TimeSpan Timeout, TimeSpan Cpu, int MemoryMib, int OutputBytes)
{
    public const int MaxMemoryMib = 512;

    public static CodeLimits Default { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), 128, 4 * 1024 * 1024);
}

/// <summary>What a version of a <c>code</c> skill says beside its source: <c>{ limits?: { timeout_ms, cpu_ms, memory_mib, output_bytes }, network?: [hosts] }</c>.</summary>
/// <param name="Network">Hosts that the code may call, in lower case: <c>api.example.com</c>, <c>*.example.com</c> (any name below it), or an address.</param>
public sealed record CodeSpec(CodeLimits Limits, IReadOnlyList<string> Network)
{
    public const int MaxSourceLength = 262_144;
    const int MaxHosts = 32;

    public static readonly IReadOnlyList<string> Languages = ["javascript", "typescript", "python"];

    public static CodeSpec Default { get; } = new(CodeLimits.Default, []);

    /// <summary>Reads the two members and reports every problem; other members are not looked at.</summary>
    /// <param name="pointer">Where <paramref name="spec"/> stands in the request.</param>
    public static CodeSpec Read(string pointer, JsonElement spec, List<FieldError> problems)
    {
        if (spec.ValueKind != JsonValueKind.Object)
        {
            return Default;
        }

        var limits = spec.TryGetProperty("limits", out var given) ? ReadLimits($"{pointer}/limits", given, problems) : CodeLimits.Default;
        return new(limits, spec.TryGetProperty("network", out var hosts) ? ReadHosts($"{pointer}/network", hosts, problems) : []);
    }

    /// <summary>Everything that is wrong with a piece of code as it is sent to be run: its members are <c>language</c>, <c>source_code</c> and <c>spec</c>.</summary>
    public static List<FieldError> Check(string? language, string? source, JsonElement? spec)
    {
        List<FieldError> problems =
        [
            .. language is null ? [FieldChecks.Required("/language")] : FieldChecks.OneOf("/language", language, Languages),
            .. FieldChecks.RequiredText("/source_code", source, 1, MaxSourceLength),
            .. spec is { } given ? FieldChecks.Object("/spec", given, 64 * 1024) : [],
        ];
        if (spec is { ValueKind: JsonValueKind.Object } members)
        {
            Read("/spec", members, problems);
            problems.AddRange(members.EnumerateObject().Where(m => m.Name is not ("limits" or "network"))
                .Select(m => new FieldError(FieldChecks.At("/spec", m.Name), "unknown_field", "A spec has here: limits, network.")));
        }

        return problems;
    }

    /// <summary>Whether the code may call this host. A wildcard stands for one or more labels, never for none.</summary>
    public bool Allows(string host)
    {
        var name = host.TrimEnd('.').ToLowerInvariant();
        return Network.Any(allowed => allowed.StartsWith('*') ? name.EndsWith(allowed[1..], StringComparison.Ordinal) && name.Length > allowed.Length - 1 : name == allowed);
    }

    static CodeLimits ReadLimits(string pointer, JsonElement given, List<FieldError> problems)
    {
        var limits = CodeLimits.Default;
        if (given.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new(pointer, "wrong_type", "This is an object."));
            return limits;
        }

        foreach (var member in given.EnumerateObject())
        {
            limits = member.Name switch
            {
                "timeout_ms" => limits with { Timeout = TimeSpan.FromMilliseconds(Number(10, 300_000)) },
                "cpu_ms" => limits with { Cpu = TimeSpan.FromMilliseconds(Number(10, 60_000)) },
                "memory_mib" => limits with { MemoryMib = Number(16, CodeLimits.MaxMemoryMib) },
                "output_bytes" => limits with { OutputBytes = Number(1, CodeLimits.Default.OutputBytes) },
                _ => Unknown(),
            };

            int Number(int min, int max)
            {
                if (member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var number) && number >= min && number <= max)
                {
                    return number;
                }

                problems.Add(new(FieldChecks.At(pointer, member.Name), "out_of_range", $"This is a whole number from {min} to {max}."));
                return min;
            }

            CodeLimits Unknown()
            {
                problems.Add(new(FieldChecks.At(pointer, member.Name), "unknown_field", "Limits are: timeout_ms, cpu_ms, memory_mib, output_bytes."));
                return limits;
            }
        }

        return limits;
    }

    static string[] ReadHosts(string pointer, JsonElement hosts, List<FieldError> problems)
    {
        if (hosts.ValueKind != JsonValueKind.Array || hosts.GetArrayLength() > MaxHosts)
        {
            problems.Add(new(pointer, "wrong_type", $"This is a list of at most {MaxHosts} host names."));
            return [];
        }

        var read = new List<string>();
        foreach (var host in hosts.EnumerateArray())
        {
            if (host.ValueKind == JsonValueKind.String && host.GetString()!.ToLowerInvariant() is var name && IsHost(name))
            {
                read.Add(name);
            }
            else
            {
                problems.Add(new($"{pointer}/{read.Count}", "invalid_host", "This is a host name without scheme and port, such as api.example.com or *.example.com."));
            }
        }

        return [.. read];
    }

    // "*." over everything, or over one top-level domain, is no list of hosts.
    static bool IsHost(string name) => name.StartsWith("*.", StringComparison.Ordinal)
        ? name[2..].Contains('.') && Uri.CheckHostName(name[2..]) == UriHostNameType.Dns
        : name.Length <= 253 && !name.EndsWith('.') && Uri.CheckHostName(name) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;
}
