namespace AgentPlatform.Unit.Shared.Egress;

/// <summary>What people call every day, and what only looks suspicious.</summary>
static class OrdinaryUrls
{
    static readonly string[] Hosts =
    [
        "example.com", "www.example.com", "en.wikipedia.org", "a.b.c.d.e.example.co.uk", "xn--mller-kva.de", "müller.de", "日本語.jp", "EXAMPLE.COM", "example.com.", "localhost.example.com", "127.0.0.1.example.com", "10.example.com",
        "1and1.com", "192.com", "my_host.example.com", "metadata.example.com", "internal.example.com", "8.8.8.8", "1.1.1.1", "[2606:4700:4700::1111]", "[2A00:1450:4001:80B::200E]", "0x.example.com", "localhost-news.com", "face.b00c.example",
    ];

    static readonly string[] Services =
    [
        "https://api.openai.com/v1/chat/completions", "https://api.anthropic.com/v1/messages", "https://generativelanguage.googleapis.com/v1beta/openai/", "https://ours.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2026-01-01",
        "https://api.together.xyz/v1/models", "https://api.perplexity.ai/chat/completions", "https://router.huggingface.co/v1", "https://api.cohere.com/compatibility/v1", "https://api.replicate.com/v1/predictions", "https://api.elevenlabs.io/v1/voices",
        "https://api.stability.ai/v2beta/stable-image/generate/core", "https://api.mistral.ai/v1/embeddings", "https://api.groq.com/openai/v1", "https://api.deepseek.com/chat/completions", "https://slack.com/api/chat.postMessage",
        "https://hooks.slack.com/services/T0/B0/x", "https://api.github.com/repos/a/b/issues?state=open&per_page=100", "https://raw.githubusercontent.com/a/b/main/README.md", "https://github.com/login/oauth/access_token",
        "https://gitlab.com/api/v4/projects/a%2Fb/repository/files/src%2Fa.cs/raw?ref=main", "https://api.bitbucket.org/2.0/repositories", "https://gmail.googleapis.com/gmail/v1/users/me/messages", "https://oauth2.googleapis.com/token",
        "https://www.googleapis.com/calendar/v3/calendars/a%40example.com/events", "https://sheets.googleapis.com/v4/spreadsheets/x/values/A1:B2", "https://storage.googleapis.com/bucket/o/a%2Fb?alt=media", "https://maps.googleapis.com/maps/api/geocode/json?address=1+Main+St",
        "https://graph.microsoft.com/v1.0/me/messages?$top=10", "https://login.microsoftonline.com/common/oauth2/v2.0/token", "https://ours.blob.core.windows.net/c/b?sv=2024&sig=a%2Bb%3D", "https://dev.azure.com/o/p/_apis/wit/workitems/1?api-version=7.1",
        "https://api.notion.com/v1/pages", "https://ours.atlassian.net/rest/api/3/search/jql?jql=project%20%3D%20A", "https://api.linear.app/graphql", "https://discord.com/api/v10/channels/1/messages", "https://api.telegram.org/bot1:x/sendMessage",
        "https://api.twilio.com/2010-04-01/Accounts/AC0/Messages.json", "https://api.stripe.com/v1/charges?expand[]=customer", "https://api.paypal.com/v2/checkout/orders", "https://ours.myshopify.com/admin/api/2026-01/orders.json", "https://api.hubapi.com/crm/v3/objects/contacts",
        "https://ours.my.salesforce.com/services/data/v62.0/query?q=SELECT+Id+FROM+Account", "https://ours.zendesk.com/api/v2/tickets.json", "https://api.intercom.io/conversations", "https://api.sendgrid.com/v3/mail/send", "https://api.mailgun.net/v3/d/messages",
        "https://api.airtable.com/v0/app/Table%201", "https://api.trello.com/1/boards/x/cards", "https://app.asana.com/api/1.0/tasks", "https://api.clickup.com/api/v2/task/x", "https://api.monday.com/v2", "https://api.dropboxapi.com/2/files/list_folder",
        "https://api.box.com/2.0/folders/0", "https://s3.amazonaws.com/bucket/key", "https://bucket.s3.eu-central-1.amazonaws.com/a/b.txt?X-Amz-Signature=0", "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions", "https://abc.execute-api.us-east-1.amazonaws.com/prod/x",
        "https://api.cloudflare.com/client/v4/zones", "https://api.digitalocean.com/v2/droplets", "https://api.vercel.com/v9/projects", "https://api.netlify.com/api/v1/sites", "https://api.render.com/v1/services", "https://api.heroku.com/apps",
        "https://api.figma.com/v1/files/x", "https://api.typeform.com/forms", "https://api.zoom.us/v2/users/me", "https://api.calendly.com/users/me",         "https://api.spotify.com/v1/search?q=a&type=track", "https://api.twitter.com/2/tweets", "https://oauth.reddit.com/r/x/new", "https://api.linkedin.com/v2/me",
        "https://graph.facebook.com/v20.0/me?fields=id,name", "https://www.youtube.com/watch?v=x&t=10s", "https://www.googleapis.com/youtube/v3/videos?id=a,b", "https://api.openweathermap.org/data/2.5/weather?lat=1.5&lon=-2.5", "https://api.open-meteo.com/v1/forecast?latitude=52.5&longitude=13.4",
        "https://nominatim.openstreetmap.org/search?q=Berlin&format=json", "https://overpass-api.de/api/interpreter", "https://www.wikidata.org/w/api.php?action=query", "https://api.coingecko.com/api/v3/simple/price", "https://data.ecb.europa.eu/data-detail-api",
        "https://feeds.bbci.co.uk/news/rss.xml", "https://news.ycombinator.com/rss", "https://hacker-news.firebaseio.com/v0/topstories.json", "https://arxiv.org/abs/2601.00001v2", "https://export.arxiv.org/api/query?search_query=all:a", "https://api.crossref.org/works/10.1000%2F182",
        "https://doi.org/10.1000/182", "https://www.rfc-editor.org/rfc/rfc6890.html#section-2", "https://web.archive.org/web/2020/http://example.com/", "https://translate.example.com/?url=http://192.168.0.1/", "https://sentry.io/api/0/projects/", "https://api.pagerduty.com/incidents",
        "https://events.pagerduty.com/v2/enqueue", "https://api.datadoghq.com/api/v1/series", "https://ours.grafana.net/api/dashboards", "https://otlp.nr-data.net:4318/v1/traces", "https://ours.snowflakecomputing.com/api/v2/statements", "https://adb-1.2.azuredatabricks.net/api/2.1/jobs",
        "https://ours.supabase.co/rest/v1/t?select=*", "https://ours.elastic-cloud.com:9243/_search", "https://ours.pinecone.io/query", "https://mcp.example.com/mcp", "https://mcp.example.com/sse", "https://a.mcp.example.com:8443/mcp?x=1", "https://accounts.google.com/.well-known/openid-configuration",
    ];

    static readonly string[] Rests =
    [
        "", "?a=1", "/a/b/c", "/a?b=c&d=e", "/#fragment", "/a%20b", "/ä/ö", "/@user", "/a:b", "/?u=http://127.0.0.1/", "/a;b=c", "/~user/", "/a//b", "/..%2f", "/a+b", "/?q=%00", "/(x)", "/*", "/$metadata", "/a'b", "/?a[]=1", "/%E2%82%AC", "/a@b.example/c", "/?e=a@b.example", "/#@x",
        "/.well-known/x", "/a,b", "/a=b", "/a!b", "/-/", "/_/a.b.c", "/a%2Fb%3Fc", "/|", "/?a=%2e%2e%2f", "/🎉",
    ];

    static readonly int[] Ports = [80, 81, 443, 3000, 5000, 8000, 8080, 8443, 8888, 9000, 9200, 9443, 18080, 65535];

    public static readonly IReadOnlyList<string> All =
    [
        .. Hosts.SelectMany(host => new[] { $"http://{host}/a", $"https://{host}/a" }),
        .. Services,
        .. Rests.Select(rest => "http://example.com" + rest),
        .. Ports.Select(port => $"http://example.com:{port}/b"),
    ];
}
