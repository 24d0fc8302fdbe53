using System.Globalization;
using System.Text;
using AgentPlatform.Application.Shared;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace AgentPlatform.Infrastructure.Shared.Observability;

/// <summary>
/// Prometheus' text exposition format 0.0.4, with the names that its OpenTelemetry mapping gives: <c>runs.accepted</c> becomes
/// <c>agentplatform_runs_accepted_total</c>, units are written out.
/// </summary>
static class PrometheusText
{
    public static string Write(in Batch<Metric> batch)
    {
        var text = new StringBuilder(16 * 1024);
        var families = new SortedDictionary<string, (string Type, List<Metric> Metrics)>(StringComparer.Ordinal);
        foreach (var metric in batch)
        {
            if (TypeOf(metric.MetricType) is not { } type)
            {
                continue;
            }

            var name = Name(metric, type);
            if (!families.TryGetValue(name, out var family))
            {
                families[name] = family = (type, []);
            }

            family.Metrics.Add(metric);
        }

        foreach (var (name, (type, metrics)) in families)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(Escape(metrics[0].Description, quotes: false)).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
            foreach (var metric in metrics.Where(metric => TypeOf(metric.MetricType) == type))
            {
                Write(text, name, metric);
            }
        }

        return text.ToString();
    }

    static void Write(StringBuilder text, string name, Metric metric)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = Labels(point.Tags);
            switch (metric.MetricType)
            {
                case MetricType.Histogram:
                    WriteHistogram(text, name, labels, point);
                    break;
                case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                    Line(text, name, labels, point.GetSumLong());
                    break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                    Line(text, name, labels, point.GetSumDouble());
                    break;
                case MetricType.LongGauge:
                    Line(text, name, labels, point.GetGaugeLastValueLong());
                    break;
                default:
                    Line(text, name, labels, point.GetGaugeLastValueDouble());
                    break;
            }
        }
    }

    static void WriteHistogram(StringBuilder text, string name, string labels, MetricPoint point)
    {
        var total = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            total += bucket.BucketCount;
            Line(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{Number(bucket.ExplicitBound)}\"", total);
        }

        Line(text, name + "_sum", labels, point.GetHistogramSum());
        Line(text, name + "_count", labels, point.GetHistogramCount());
    }

    static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    static string Labels(ReadOnlyTagCollection tags)
    {
        var labels = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            labels.Append(labels.Length > 0 ? "," : "").Append(Clean(key)).Append("=\"").Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture), quotes: true)).Append('"');
        }

        return labels.ToString();
    }

    static string? TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic or MetricType.LongGauge or MetricType.DoubleGauge => "gauge",
        MetricType.Histogram => "histogram",
        _ => null,
    };

    static string Name(Metric metric, string type)
    {
        var name = Clean(metric.MeterName == Telemetry.Name ? $"agentplatform.{metric.Name}" : metric.Name);
        var unit = metric.Unit switch
        {
            "ms" => "_milliseconds",
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return $"{name}{(name.EndsWith(unit, StringComparison.Ordinal) ? "" : unit)}{(type == "counter" && !name.EndsWith("_total", StringComparison.Ordinal) ? "_total" : "")}";
    }

    static string Clean(string name) => string.Create(name.Length, name, static (span, from) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiLetter(from[i]) || (i > 0 && char.IsAsciiDigit(from[i])) ? from[i] : '_';
        }
    });

    static string Escape(string? text, bool quotes)
    {
        var escaped = (text ?? "").Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
