using System.Diagnostics;
using System.Threading;
using System.Xml.Linq;

const string Solution = "AgentPlatform.sln";
const string Configuration = "Release";
const string Results = "artifacts/tests";

// One after the other: each of them uses both cores of a small machine.
string[] suites = { "Unit", "Architecture", "Browser", "Integration" };

var isPipeline = EnvironmentVariable("CI") == "true";

void Dotnet(string arguments)
{
    var code = StartProcess("dotnet", new ProcessSettings { Arguments = arguments });
    if (code != 0)
    {
        throw new CakeException($"dotnet {arguments} ended with code {code}.");
    }
}

void Npm(string arguments)
{
    var code = StartProcess("npm", new ProcessSettings { Arguments = arguments, WorkingDirectory = "web" });
    if (code != 0)
    {
        throw new CakeException($"npm {arguments} ended with code {code}.");
    }
}

// A pipeline takes the packages that the lock files name or fails; at a desk, a changed reference updates them.
void Restore(string project) => Dotnet($"restore {project} --verbosity quiet{(isPipeline ? " --locked-mode" : "")}");

void Build(string project)
{
    Restore(project);
    Dotnet($"build {project} -c {Configuration} --no-restore --nologo -v quiet -clp:NoSummary");
}

// What is compiled ahead need not be compiled at every start: it takes about a third off a start's processor time, and the first requests
// do not run on the slowest code. The compiler comes as a package of the SDK's own version; where it is not to be had, the program is the same, only slower to start.
void CompileAhead(string directory)
{
    var compiler = Crossgen();
    if (compiler is null)
    {
        Information("No ahead-of-time compiler for this machine: the program compiles itself as it starts.");
        return;
    }

    var runtime = System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory();
    var aspnet = runtime.Replace("Microsoft.NETCore.App", "Microsoft.AspNetCore.App");
    var architecture = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
    var ahead = $"{directory}/ahead";
    CleanDirectory(ahead);
    foreach (var file in GetFiles($"{directory}/*.dll"))
    {
        var compiled = $"{ahead}/{file.GetFilename()}";
        var code = StartProcess(compiler, new ProcessSettings
        {
            Arguments = $"\"{file}\" -o \"{compiled}\" -r \"{runtime}*.dll\" -r \"{aspnet}*.dll\" -r \"{directory}/*.dll\" --targetarch {architecture} -O",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }, out _, out _);
        if (code == 0)
        {
            // Not newer than before: the next build must not take it for its own output's source.
            System.IO.File.Copy(compiled, file.FullPath, overwrite: true);
        }
    }
    DeleteDirectory(ahead, new DeleteDirectorySettings { Recursive = true });
}

string Crossgen()
{
    var stub = "artifacts/crossgen";
    EnsureDirectoryExists(stub);
    System.IO.File.WriteAllText($"{stub}/crossgen.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType>"
        + "<PublishReadyToRun>true</PublishReadyToRun><SelfContained>false</SelfContained><ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>"
        + "<ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps></PropertyGroup></Project>");
    var code = StartProcess("dotnet", new ProcessSettings
    {
        Arguments = $"restore {stub}/crossgen.csproj --use-current-runtime --verbosity quiet",
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    }, out _, out _);
    if (code != 0)
    {
        return null;
    }

    var packages = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? System.IO.Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
    return GetFiles($"{packages}/microsoft.netcore.app.crossgen2.*/*/tools/crossgen2*")
        .Select(path => path.FullPath)
        .Where(path => path.EndsWith("crossgen2") || path.EndsWith("crossgen2.exe"))
        .OrderByDescending(path => System.IO.File.GetLastWriteTimeUtc(path))
        .FirstOrDefault();
}

Task("build-api").Does(() =>
{
    Build("src/Api");
    CompileAhead($"src/Api/bin/{Configuration}/net10.0");
});

Task("build-bench").IsDependentOn("build-api").Does(() => Build("tests/Benchmarks"));

// The packages that the lock file names, unless they are there already.
Task("restore-web").Does(() =>
{
    var (locked, there) = (new System.IO.FileInfo("web/package-lock.json"), new System.IO.FileInfo("web/node_modules/.package-lock.json"));
    if (!there.Exists || there.LastWriteTimeUtc < locked.LastWriteTimeUtc)
    {
        Npm("ci --no-fund --no-audit --loglevel=error");
        System.IO.File.SetLastWriteTimeUtc(there.FullName, DateTime.UtcNow);
    }
});

Task("build-web").IsDependentOn("restore-web").Does(() => Npm("run --silent build"));

Task("build").IsDependentOn("build-web").Does(() => Build(Solution));

Task("format").IsDependentOn("restore-web").Does(() =>
{
    Npm("run --silent format");
    Restore(Solution);
    Dotnet($"format whitespace {Solution} --no-restore");
    Dotnet($"format style {Solution} --no-restore --severity warn");
});

Task("check-format")
    .IsDependentOn("build")
    // The style rules of .editorconfig at warning level have failed the build already; what is left is white space.
    .Does(() => Dotnet($"format whitespace {Solution} --no-restore --verify-no-changes"));

Task("test").IsDependentOn("check-format").Does(() =>
{
    CleanDirectory(Results);
    CleanDirectory("artifacts/screenshots");
    var totals = new Counts(0, 0, 0);
    var problems = new List<string>();
    foreach (var (counts, problem) in suites.Select(RunSuite).Prepend(RunWeb()))
    {
        totals += counts;
        if (problem is not null)
        {
            problems.Add(problem);
        }
    }
    System.IO.File.WriteAllText($"{Results}/summary.txt", $"{totals}\n");
    if (problems.Count > 0)
    {
        // Once more and last, because whoever reads the end of a long record should not have to look for them.
        foreach (var file in GetFiles($"{Results}/*.trx"))
        {
            foreach (var failure in Failures(XDocument.Load(file.FullPath)))
            {
                Console.WriteLine(failure);
            }
        }
        throw new CakeException(string.Join(" ", problems));
    }
});

(Counts, string) RunSuite(string suite)
{
    var watch = Stopwatch.StartNew();
    var passed = 0;
    var failed = 0;
    Console.WriteLine($"{suite} ...");
    // Each passed test is one line; those are counted instead of shown, everything else is shown as it comes.
    string Show(string line)
    {
        if (line is null)
        {
            return null;
        }
        if (line.StartsWith("  Passed ", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref passed);
            return null;
        }
        if (line.StartsWith("  Failed ", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref failed);
        }
        Console.WriteLine(line);
        return null;
    }

    int code;
    using (new Timer(
        _ => Console.WriteLine($"  {suite}: {passed} passed, {failed} failed so far, {watch.Elapsed.TotalSeconds:F0} s"),
        null, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15)))
    {
        code = StartProcess("dotnet", new ProcessSettings
        {
            Arguments = $"test tests/{suite} -c {Configuration} --no-build --nologo --results-directory {Results} "
                + $"--logger \"trx;LogFileName={suite}.trx\" --logger \"console;verbosity=normal\" "
                // A test that hangs is named and ends the suite instead of the pipeline's patience.
                + "--blame-hang-timeout 5m --blame-hang-dump-type none",
            RedirectStandardOutput = true,
            RedirectedStandardOutputHandler = Show,
        });
    }

    var file = $"{Results}/{suite}.trx";
    if (!System.IO.File.Exists(file))
    {
        return (new Counts(0, 0, 0), $"{suite} left no results.");
    }
    var counts = Counts.Of(XDocument.Load(file));
    Console.WriteLine($"{suite}: {counts} ({watch.Elapsed.TotalSeconds:F0} s)");
    return (counts, counts switch
    {
        { Failed: > 0 } => $"{suite} failed.",
        { Total: 0 } => $"{suite} ran no test.",
        _ when code != 0 => $"{suite} ended with code {code}.",
        _ => null,
    });
}

// Each test that did not pass: its name, what it said and the top of where, in few lines, since a record may keep only its end.
IEnumerable<string> Failures(XDocument trx) =>
    from result in trx.Descendants()
    where result.Name.LocalName == "UnitTestResult"
        && (string)result.Attribute("outcome") is not ("Passed" or "NotExecuted" or "Inconclusive" or "Pending")
    let said = result.Descendants().Where(x => x.Name.LocalName is "Message" or "StackTrace")
        .SelectMany(x => x.Value.Split('\n').Where(line => line.Trim().Length > 0).Take(x.Name.LocalName is "Message" ? 8 : 2))
    select $"FAILED {(string)result.Attribute("testName")}\n{string.Join('\n', said.Select(line => "  " + line.TrimEnd()))}";

// The web app's own tests; lint and types are checked with them, since a page that fails either is not fit to ship.
(Counts, string) RunWeb()
{
    var watch = Stopwatch.StartNew();
    Console.WriteLine("Web ...");
    var failed = new[] { "lint", "types", "test" }
        .Where(script => StartProcess("npm", new ProcessSettings { Arguments = $"run --silent {script}", WorkingDirectory = "web" }) != 0)
        .ToList();
    var file = $"{Results}/Web.xml";
    if (!System.IO.File.Exists(file))
    {
        return (new Counts(0, 0, 0), "Web left no results.");
    }
    var counts = Counts.OfJUnit(XDocument.Load(file));
    Console.WriteLine($"Web: {counts} ({watch.Elapsed.TotalSeconds:F0} s)");
    return (counts, counts switch
    {
        _ when failed.Count > 0 => $"Web failed ({string.Join(", ", failed)}).",
        { Total: 0 } => "Web ran no test.",
        _ => null,
    });
}

RunTarget(Argument("target", "build"));

record Counts(int Passed, int Failed, int Skipped)
{
    public int Total => Passed + Failed + Skipped;

    public static Counts operator +(Counts a, Counts b) => new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped);

    public static Counts Of(XDocument trx)
    {
        var outcomes = trx.Descendants().Where(x => x.Name.LocalName == "UnitTestResult").Select(x => (string)x.Attribute("outcome")).ToList();
        var passed = outcomes.Count(x => x == "Passed");
        var skipped = outcomes.Count(x => x is "NotExecuted" or "Inconclusive" or "Pending");
        // Whatever else there is (Failed, Error, Timeout, Aborted, none) did not pass.
        return new(passed, outcomes.Count - passed - skipped, skipped);
    }

    public static Counts OfJUnit(XDocument junit)
    {
        var cases = junit.Descendants("testcase").ToList();
        var skipped = cases.Count(x => x.Element("skipped") is not null);
        var failed = cases.Count(x => x.Element("failure") is not null || x.Element("error") is not null);
        return new(cases.Count - failed - skipped, failed, skipped);
    }

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
