using System.Text.Json;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using NativeNN.Tests.Compare;

namespace NativeNN.Tests.Running;

public sealed class TrainingRecordTests
{
    private static readonly TrainingRecord Record =
        TrainingRecord.Of("main", LectureData.Recipe("001"), LectureData.Of(LectureData.Recipe("001").Data), epochs: 7, seed: 3);

    [Fact]
    public void EveryLecturesRecordComesBackAsItWas()
    {
        foreach (var lecture in Course.Lectures)
        {
            var record = Record with { Recipe = lecture.Recipe };
            string json = record.ToJson().GetRawText();
            var back = TrainingRecord.FromJson(json);
            Assert.Equal(json, back.ToJson().GetRawText());
            Assert.Equal(lecture.Recipe.Network.Widths, back.Recipe.Network.Widths);
            Assert.Equal(lecture.Recipe.Network.Names?.Layers, back.Recipe.Network.Names?.Layers);
            Assert.Equal(lecture.Recipe.Data.Normalization.Table.ToArray(), back.Recipe.Data.Normalization.Table.ToArray());
            Assert.Equal(lecture.Recipe.Loss, back.Recipe.Loss);
            Assert.Equal(lecture.Recipe.Optimizer, back.Recipe.Optimizer);
        }
    }

    [Fact]
    public void NothingOfARecipeIsLeftOut()
    {
        // A momentum of 0 is none, and is not written.
        var recipe = Record.Recipe with { Optimizer = Record.Recipe.Optimizer with { Momentum = 0.9 } };
        var names = Settings.Of((Record with { Recipe = recipe }).ToJson()).Select(s => s.Name).ToList();
        foreach (var (type, prefix) in new[] { (typeof(Recipe), "recipe."), (typeof(DataSettings), "recipe.data."),
            (typeof(NetworkSettings), "recipe.network."), (typeof(OptimizerSettings), "recipe.optimizer."), (typeof(DataRecord), "data.") })
            foreach (var property in type.GetProperties().Where(p => p.CanWrite))
                Assert.Contains(names,
                    n => n.StartsWith(prefix + JsonNamingPolicy.CamelCase.ConvertName(property.Name), StringComparison.Ordinal));
        Assert.Equal(7, Record.Recipe.Epochs);
    }

    [Fact]
    public void WhatShapesTheNumbersIsADifference()
    {
        var recipe = Record.Recipe;
        Differs(Record with { Seed = 4 }, "--seed", "3", "4");
        Differs(Record with { Device = "opencl:0" }, "--device", "cpu", "opencl:0");
        Differs(Record with { Data = Record.Data with { TestHash = "ff" } }, "--data, testHash", Record.Data.TestHash, "ff");
        Differs(Record with { Recipe = recipe with { BatchSize = 8 } }, "--batch-size", "32", "8");
        Differs(Record with { Recipe = recipe with { Optimizer = recipe.Optimizer with { LearningRate = 0.1 } } },
            "--lr", "0.01", "0.1");
        Differs(Record with { Recipe = recipe with { Network = recipe.Network with { Dropout = 0.5 } } },
            "--dropout", "0.25", "0.5");
        Differs(Record with { Recipe = recipe with { Initialization = Initialization.Constant(2) } },
            "--init", "default", "constant 2");
    }

    [Fact]
    public void MoreEpochsAndAnotherFolderAreNone()
    {
        var further = Record with { Recipe = Record.Recipe with { Epochs = 8 }, Data = Record.Data with { Name = "elsewhere" } };
        Assert.Null(TrainingRecord.Difference(Record.ToJson(), further.ToJson()));
    }

    private static void Differs(TrainingRecord other, string name, string there, string here) =>
        Assert.Equal((name, there, here), TrainingRecord.Difference(Record.ToJson(), other.ToJson()));
}
