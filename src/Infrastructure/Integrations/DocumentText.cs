using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Infrastructure.Shared.Yaml;

namespace AgentPlatform.Infrastructure.Integrations;

sealed class DocumentText : IDocumentText
{
    public Result<JsonElement> Read(string text)
    {
        var isRead = text.TrimStart().StartsWith('{')
            ? StrictJson.TryParse(Encoding.UTF8.GetBytes(text), out var document, out var problem)
            : YamlDocuments.TryRead(text, out document, out problem);
        if (!isRead)
        {
            return Error.Invalid("/document", problem!.Code, problem.Message);
        }

        using (document)
        {
            return document!.RootElement.Clone();
        }
    }
}
