using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <param name="Directory">Where <c>sandbox/install.sh</c> has been at work (<c>Sandbox__Directory</c>); null when there is no such place.</param>
/// <param name="AllowBare">Whether code may run where the machine allows no namespaces, behind the interpreter's own walls and the limits alone (<c>Sandbox__AllowBare</c>).</param>
/// <param name="Running">Executions at once (<c>Sandbox__Running</c>).</param>
/// <param name="RunningOfTenant">Of one tenant (<c>Sandbox__RunningOfTenant</c>).</param>
/// <param name="Spare">Processes started ahead for JavaScript and TypeScript each, once somebody has used the language (<c>Sandbox__Spare</c>).</param>
/// <param name="SparePython">The same for Python, whose idle process holds 170 MB (<c>Sandbox__SparePython</c>).</param>
sealed record SandboxOptions(string? Directory, bool AllowBare, int Running, int RunningOfTenant, int Spare, int SparePython)
{
    /// <summary>How long an execution waits for a place.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A language that nobody has used for so long keeps no process.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    public string Jail => Path.Combine(Directory ?? "", "jail");

    public bool IsInstalled => Directory is not null && File.Exists(Path.Combine(Jail, ".stamp"));

    public static SandboxOptions From(IConfiguration configuration)
    {
        var running = EngineOptions.Number(configuration, "Sandbox:Running", Math.Max(2, 2 * Environment.ProcessorCount), 1, 1000);
        return new(
            Find(configuration["Sandbox:Directory"]),
            configuration["Sandbox:AllowBare"] switch
            {
                null or "" or "false" => false,
                "true" => true,
                var text => throw new StartException($"Sandbox__AllowBare is {text}; it takes true or false."),
            },
            running,
            EngineOptions.Number(configuration, "Sandbox:RunningOfTenant", Math.Max(1, running / 2), 1, 1000),
            EngineOptions.Number(configuration, "Sandbox:Spare", 2, 0, 100),
            EngineOptions.Number(configuration, "Sandbox:SparePython", 1, 0, 100));
    }

    public int SpareOf(string language) => language == "python" ? SparePython : Spare;

    static string? Find(string? configured)
    {
        if (!string.IsNullOrEmpty(configured))
        {
            return File.Exists(Path.Combine(configured, "launch.sh"))
                ? Path.GetFullPath(configured)
                : throw new StartException($"Sandbox__Directory is {configured}, where there is no launch.sh; it takes the directory `sandbox` of the source.");
        }

        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "sandbox", "launch.sh")))
            {
                return Path.Combine(directory.FullName, "sandbox");
            }
        }

        return null;
    }
}
