using AgentPlatform.Integration.Support;
using NUnit.Framework.Interfaces;

namespace AgentPlatform.Browser.Support;

/// <summary>A test with visitors of its own. None of their browsers may have had anything to complain of.</summary>
public abstract class BrowserTest
{
    readonly List<Visitor> visitors = [];

    [TearDown]
    public async Task Leave()
    {
        var test = TestContext.CurrentContext;
        foreach (var (visitor, number) in visitors.Select((visitor, i) => (visitor, i + 1)))
        {
            if (test.Result.Outcome.Status is TestStatus.Failed)
            {
                await visitor.Keep($"{test.Test.MethodName}-{number}");
            }

            await visitor.DisposeAsync();
        }

        Assert.That(visitors.SelectMany(visitor => visitor.Complaints), Is.Empty, "what the browser complains of");
    }

    /// <param name="person">Who is signed in; nobody when missing.</param>
    /// <param name="by">The address by which the site is reached, when it is not its own.</param>
    protected async Task<Visitor> Visit(TestPerson? person = null, Look? look = null, Uri? by = null)
    {
        var visitor = await Visitor.Come(look ?? Look.LightDesktop, by);
        visitors.Add(visitor);
        if (person is not null)
        {
            await visitor.SignInAs(person);
        }

        return visitor;
    }
}
