using System.Text;
using WebhookConsole.Declarations.Reading;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Declarations;

/// <summary>Documents from outside, in YAML and JSON: places, and everything that is refused.</summary>
public sealed class DocumentReaderTests
{
    [Theory]
    [InlineData("{\"a\": [1, \"two\", null, true], \"b\": {\"c\": \"ü😀\\/\\u0041\"}}")]
    [InlineData("a:\n  - 1\n  - 'two'\n  - ~\n  - true\nb:\n  c: \"ü😀/\\u0041\"\n")]
    [InlineData("# a comment\na: [1, \"two\", null, true]\nb: {c: ü😀/A}\n")]
    public void TryRead_SameValuesInJsonAndYaml_AreTheSameNodes(string text)
    {
        Assert.True(DocumentReader.TryRead(text, out DocumentNode? root, out _));
        Assert.Equal(["1", "two", null, "true"], root["a"]!.Items.Select(i => i.Text));
        Assert.Equal([NodeKind.Plain, NodeKind.Text, NodeKind.Null, NodeKind.Plain], root["a"]!.Items.Select(i => i.Kind));
        Assert.Equal("ü😀/A", root["b"]!["c"]!.Text);
    }

    [Theory]
    [InlineData("a: 1\nb:\n  cc: x\n", 3, 7)]
    [InlineData("{\n  \"b\": {\n \"cü\": 1, \"cc\": \"x\"}}", 3, 17)]
    public void TryRead_Node_KnowsItsPlace(string text, int line, int column)
    {
        Assert.True(DocumentReader.TryRead(text, out DocumentNode? root, out _));
        DocumentNode node = root["b"]!["cc"]!;
        Assert.Equal((line, column), (node.Line, node.Column));
    }

    [Theory]
    [InlineData("a: &x 1\nb: *x\n", 1, "anchor")]
    [InlineData("a: 1\nb: *x\n", 2, "alias")]
    [InlineData("a: !!binary aGVsbG8=\n", 1, "tag")]
    [InlineData("a: !<tag:yaml.org,2002:python/object/apply:os.system> ls\n", 1, "tag")]
    [InlineData("a: 1\na: 2\n", 2, "given twice")]
    [InlineData("{\"a\": 1,\n\"a\": 2}", 2, "given twice")]
    [InlineData("a: 1\n---\na: 2\n", 2, "several documents")]
    [InlineData("[a]: 1\n", 1, "not JSON")]
    [InlineData("? [a]\n: 1\n", 1, "A name is expected")]
    [InlineData("a: 'open\n", 1, "not YAML")]
    [InlineData("a: 1\n b: 2\n", 2, "not YAML")]
    [InlineData("{\"a\": 1,\n \"b\": }", 2, "not JSON")]
    [InlineData("{\"a\": 1} x", 1, "not JSON")]
    [InlineData("{\"a\": \"\\ud800\"}", 1, "surrogate")]
    [InlineData("", 1, "empty")]
    [InlineData("# only a comment\n", 1, "empty")]
    public void TryRead_WhatIsNotRead_SaysWhereAndWhy(string text, int line, string expected)
    {
        Assert.False(DocumentReader.TryRead(text, out _, out DocumentProblem? problem));
        Assert.Equal(line, problem.Line);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Bombs =>
        [
            // The "billion laughs" of YAML.
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
                + string.Concat("bcdefghi".Select(c => $"{c}: &{c} [{string.Join(',', Enumerable.Repeat($"*{(char)(c - 1)}", 9))}]\n")),
            "a: " + new string('[', 200_000),
            new string('[', 200_000),
            "a: " + new string('{', 200_000),
            string.Concat(Enumerable.Range(0, 2_000).Select(i => new string(' ', i) + "a:\n")),
            string.Concat(Enumerable.Repeat("- ", 100_000)),
        ];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void TryRead_Bomb_IsRefusedAtOnce(string text)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(DocumentReader.TryRead(text, out _, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000_000);
    }

    [Fact]
    public void ReadFile_WhatIsNoDocument_SaysWhy()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, new byte[DocumentReader.MaxBytes + 1]);
        Assert.Contains("larger than 4 MB", Refusal(path), StringComparison.Ordinal);
        File.WriteAllBytes(path, [0xff, 0xfe]);
        Assert.Contains("not UTF-8", Refusal(path), StringComparison.Ordinal);
        File.WriteAllBytes(path, [.. Encoding.UTF8.Preamble, .. "a: 1"u8]);
        Assert.Equal("a: 1", DocumentReader.ReadFile(path));
        File.Delete(path);
        Assert.Contains("cannot be read", Refusal(path), StringComparison.Ordinal);
    }

    private static string Refusal(string path) => Assert.Throws<RuleException>(() => DocumentReader.ReadFile(path)).Message;
}
