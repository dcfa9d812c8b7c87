import ml.combust.mleap.core.classification._
import ml.combust.mleap.core.feature._
import ml.combust.mleap.core.tree._
import ml.combust.mleap.core.types._
import ml.combust.mleap.runtime.frame.{DefaultLeapFrame, Row, RowTransformer}
import ml.combust.mleap.runtime.transformer.classification.RandomForestClassifier
import ml.combust.mleap.runtime.transformer.feature.{StandardScaler, VectorAssembler}
import ml.combust.mleap.runtime.transformer.{Pipeline, PipelineModel}
import org.apache.spark.ml.linalg.Vectors

/** Scores the churn pipeline (assembler, scaler, forest) with MLeap on the JVM, one row at a time over rotating rows.
  *
  * Arguments: the model and the rows as `single.py` wrote them, how many runs, and seconds a run. It prints the largest
  * difference from Spark, then a line `CASE NANOSECONDS` for each run of each case.
  */
object Bench {
  private val names = Seq("age", "income", "tenure_months", "credit_score")

  def main(arguments: Array[String]): Unit = {
    val Array(modelFile, rowsFile, runs, seconds) = arguments
    val lines = read(modelFile)
    val rows = read(rowsFile).map(_.split(" ").map(_.toDouble))
    val pipeline = build(lines.head.split(" ").map(_.toDouble), lines.tail.map(_.split(" ")))
    val schema = StructType(names.map(StructField(_, ScalarType.Double.nonNullable))).get
    val transformer = pipeline.transform(RowTransformer(schema)).get
    val inputs: Array[Row] = rows.map(row => Row(row(0), row(1), row(2), row(3)))
    val at = transformer.outputSchema.indexOf("probability").get
    def ofRow(i: Int): Double = transformer.transform(inputs(i)).getTensor[Double](at)(1)
    def ofFrame(i: Int): Double = {
      val frame = pipeline.transform(DefaultLeapFrame(schema, Seq(inputs(i)))).get
      frame.dataset.head.getTensor[Double](frame.schema.indexOf("probability").get)(1)
    }
    println("difference " + rows.indices.map(i => math.abs(ofRow(i) - rows(i)(4))).max)
    var sink = 0.0
    def run(nanos: Long, ask: Int => Double): Double = {
      val start = System.nanoTime
      var (asked, passed) = (0L, 0L)
      while (passed < nanos) {
        var left = 64
        while (left > 0) { sink += ask((asked % inputs.length).toInt); asked += 1; left -= 1 }
        passed = System.nanoTime - start
      }
      passed.toDouble / asked
    }
    val nanos = (seconds.toDouble * 1e9).toLong
    for ((name, ask) <- Seq[(String, Int => Double)]("row" -> ofRow, "frame" -> ofFrame)) {
      run(5000000000L.min(10 * nanos), ask)
      for (_ <- 0 until runs.toInt) println(s"$name ${run(nanos, ask)}")
    }
    if (sink.isNaN) println("not a number")
  }

  private def read(file: String): Array[String] = {
    val source = scala.io.Source.fromFile(file)
    try source.getLines.toArray
    finally source.close()
  }

  /** The pipeline of the scaler's deviations and of lines `tree node left right feature threshold stat stat`. */
  private def build(deviations: Array[Double], nodes: Array[Array[String]]): Pipeline = {
    val trees = nodes.groupBy(_(0).toInt).toSeq.sortBy(_._1).map { case (_, lines) =>
      val byNode = lines.map(line => line(1).toInt -> line).toMap
      def node(i: Int): Node = {
        val line = byNode(i)
        if (line(2).toInt < 0) LeafNode(Vectors.dense(line(6).toDouble, line(7).toDouble))
        else InternalNode(node(line(2).toInt), node(line(3).toInt), ContinuousSplit(line(4).toInt, line(5).toDouble))
      }
      DecisionTreeClassifierModel(node(0), names.size, 2)
    }
    val forest = RandomForestClassifierModel(trees, Seq.fill(trees.size)(1.0), names.size, 2)
    val inputs = names.zipWithIndex.foldLeft(NodeShape()) { case (shape, (name, i)) => shape.withInput(s"input$i", name) }
    val assembler = VectorAssembler(
      shape = inputs.withStandardOutput("features_raw"),
      model = VectorAssemblerModel(Seq.fill(names.size)(ScalarShape())))
    val scaler = StandardScaler(
      shape = NodeShape().withStandardInput("features_raw").withStandardOutput("features"),
      model = StandardScalerModel(Some(Vectors.dense(deviations)), None))
    val classifier = RandomForestClassifier(
      shape = NodeShape.probabilisticClassifier(
        featuresCol = "features",
        predictionCol = "prediction",
        rawPredictionCol = Some("rawPrediction"),
        probabilityCol = Some("probability")),
      model = forest)
    Pipeline("churn", NodeShape(), PipelineModel(Seq(assembler, scaler, classifier)))
  }
}
