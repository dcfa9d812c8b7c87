"""What every part of a random pipeline needs: the draws, the stages so far, and the columns they made."""


class Draft:
    """A pipeline in the making.

    `used` are the raw columns that it reads; `ready` what can be assembled; `vectors` the vector columns to work on and
    their sizes (None where not known); `pure` the columns that stay clean, because a stage would raise on bad values;
    `unsized` the vectors whose size Spark does not know from their attributes.

    Answers whose last bits Spark itself does not settle go into none of these: a tree behind them may fall either way.
    """

    def __init__(self, rnd, table):
        self.rnd, self.table = rnd, table
        self.way = rnd.choice(["keep", "keep", "skip", "skip", "error"])
        self.stages, self.used, self.ready, self.filled, self.pure, self.unsized = [], [], [], [], set(), set()
        self.vectors, self.named = {}, set()

    def some(self, choices, least=1, most=None):
        """A random few of the choices, in random order."""
        return self.rnd.sample(choices, self.rnd.randint(least, min(most or len(choices), len(choices))))

    def chance(self, share):
        """True in this share of the draws."""
        return self.rnd.random() < share

    def invalid(self):
        """This pipeline's way, or the one that harms nobody."""
        return "keep" if self.chance(0.2) else self.way

    def gentle(self):
        """For stages that know only keep and error: error only where this pipeline's way is error."""
        return "error" if self.way == "error" and self.chance(0.5) else "keep"

    def use(self, *columns):
        """Notes raw columns that are read."""
        self.used += [c for c in columns if c not in self.used]

    def strict(self, *columns):
        """Notes columns on whose bad values Spark raises: where rows are dropped they stay clean."""
        self.use(*columns)
        if self.way == "skip" or self.chance(0.7):
            self.pure.update(columns)

    def add(self, stage, *used):
        """Adds a stage that reads these raw columns."""
        self.stages.append(stage)
        self.use(*used)

    def name(self, base):
        """A column name that is not taken."""
        name, count = base, 1
        while name in self.named:
            count += 1
            name = base + str(count)
        self.named.add(name)
        return name

    def vector(self, least=1, most=None, raw=None):
        """A vector column to work on and its size; reads a raw one where none is made yet."""
        fits = [
            c for c, size in self.vectors.items()
            if size is not None and least <= size <= (most or size) and (raw is None or c in raw)
        ]
        raws = [
            c for c in raw or ("v1", "v2", "v4")
            if c not in self.vectors and c in self.table.sizes and least <= self.table.sizes[c] <= (most or 10000)
        ]
        if not fits + raws:
            return None
        column = self.rnd.choice(fits + raws)
        if column in raws:
            self.use(column)
            self.vectors[column] = self.table.sizes[column]
            self.unsized.add(column)
        return column

    def made(self, out, size, source):
        """Notes a vector column made of another."""
        self.vectors[out] = size
        if source in self.unsized:
            self.unsized.add(out)
        if self.chance(0.6):
            self.ready.append(out)
