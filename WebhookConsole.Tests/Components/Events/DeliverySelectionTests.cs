using WebhookConsole.Components.Pages.Events;
using WebhookConsole.Deliveries;

namespace WebhookConsole.Tests.Components.Events;

public class DeliverySelectionTests
{
    private static readonly DeliveryRow[] s_rows = [.. Enumerable.Range(1, 6).Select(i => SampleDeliveries.Row(i))];
    private readonly DeliverySelection _selection = new();

    [Fact]
    public void Toggle_Twice_IsNotSelected()
    {
        Toggle(2);
        Toggle(2);

        Assert.Equal(0, _selection.Count);
    }

    [Theory]
    [InlineData(2, 5)]
    [InlineData(5, 2)]
    public void Toggle_WithShift_TakesEveryRowBetween(int first, int last)
    {
        Toggle(first);
        Toggle(last, range: true);

        Assert.Equal(Rows(2, 3, 4, 5), _selection.In(s_rows));
    }

    [Fact]
    public void Toggle_WithShiftOnASelectedRow_UnselectsTheRange()
    {
        _selection.ToggleAll(s_rows);
        Toggle(2);
        Toggle(4, range: true);

        Assert.Equal(Rows(1, 5, 6), _selection.In(s_rows));
    }

    [Fact]
    public void Toggle_WithShiftAfterTheFirstRowHasGone_TakesTheRowItself()
    {
        _selection.Toggle([SampleDeliveries.Row(99)], SampleDeliveries.Id(99), range: false);
        Toggle(3, range: true);

        Assert.Equal(Rows(3), _selection.In(s_rows));
    }

    [Fact]
    public void ToggleAll_SomeSelected_TakesAllThenNone()
    {
        Toggle(1);
        _selection.ToggleAll(s_rows);
        Assert.True(_selection.HasAll(s_rows));

        _selection.ToggleAll(s_rows);
        Assert.Equal(0, _selection.Count);
    }

    private static IEnumerable<DeliveryRow> Rows(params int[] numbers) => numbers.Select(n => s_rows[n - 1]);

    private void Toggle(int number, bool range = false) => _selection.Toggle(s_rows, SampleDeliveries.Id(number), range);
}
