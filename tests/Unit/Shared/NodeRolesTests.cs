using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Unit.Shared;

public sealed class NodeRolesTests
{
    [TestCase("", null, ExpectedResult = "api, worker, scheduler")]
    [TestCase("", " ", ExpectedResult = "api, worker, scheduler")]
    [TestCase("", "worker", ExpectedResult = "worker")]
    [TestCase("", "scheduler, api", ExpectedResult = "api, scheduler")]
    [TestCase("--role api", "worker", ExpectedResult = "api")]
    [TestCase("--role=api --urls http://x --role scheduler", null, ExpectedResult = "api, scheduler")]
    [TestCase("--role worker,scheduler", null, ExpectedResult = "worker, scheduler")]
    public string The_command_line_wins_over_the_configuration_and_everything_is_the_default(string args, string? configured) =>
        NodeRoles.From(args.Split(' '), With(configured)).ToString();

    [TestCase("", "wroker", "Roles is \"wroker\"; it takes api, worker and scheduler, one or several with commas between them.")]
    [TestCase("", "api,", "Roles is \"api,\"; it takes api, worker and scheduler, one or several with commas between them.")]
    [TestCase("--role", "api", "--role is \"\"; it takes api, worker and scheduler, one or several with commas between them.")]
    [TestCase("--role=API", null, "--role is \"API\"; it takes api, worker and scheduler, one or several with commas between them.")]
    public void Anything_else_stops_the_start_with_one_sentence(string args, string? configured, string sentence) =>
        Assert.That(() => NodeRoles.From(args.Split(' '), With(configured)), Throws.TypeOf<StartException>().With.Message.EqualTo(sentence));

    static IConfiguration With(string? roles) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Roles"] = roles }).Build();
}
