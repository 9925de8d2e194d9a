import type { ArgumentMetadata, Type } from '@nestjs/common';
import { Type as Nested } from 'class-transformer';
import { IsBoolean, IsInt, IsObject, IsOptional, Length, Min, ValidateNested } from 'class-validator';
import { InvalidRequestError } from '../errors/gateway.error.js';
import { FreeForm } from './free-form.decorator.js';
import { PageQuery } from './page.dto.js';
import { validationPipe } from './validation.pipe.js';

class Address {
  @Length(1, 5)
  readonly city!: string;
}

class Order {
  @Length(2, 5)
  readonly name!: string;

  @IsInt()
  @Min(1)
  readonly count: number = 1;

  @IsBoolean()
  readonly gift: boolean = false;

  @ValidateNested()
  @Nested(() => Address)
  readonly addresses: Address[] = [];
}

class Parcel {
  @IsOptional()
  @FreeForm()
  @IsObject()
  readonly labels?: object;

  @ValidateNested()
  @Nested(() => Address)
  readonly addresses: Address[] = [];
}

describe('the validation of management requests', () => {
  it('gives an instance of the class, with its defaults', async () => {
    const order = await check(Order, { name: 'pens', addresses: [{ city: 'Rome' }] });

    expect(order).toBeInstanceOf(Order);
    expect(order).toEqual({ name: 'pens', count: 1, gift: false, addresses: [{ city: 'Rome' }] });
  });

  it.each(Object.getOwnPropertyNames(Object.prototype))('refuses %s like any unknown field', async name => {
    const field = Object.fromEntries([[name, 1]]);

    expect(await errorOf(Order, { name: 'pens', ...field, [name]: {} })).toMatchObject({
      status: 400,
      param: name,
      message: `Correct the request: ${name} is not a known field.`,
    });
    expect(await errorOf(Order, { name: 'pens', addresses: [{ city: 'Rome', ...field }] })).toMatchObject({
      param: `addresses.0.${name}`,
    });
    expect(await errorOf(PageQuery, { limit: '1', ...field })).toMatchObject({ param: name });
  });

  it('takes a free-form field as it came, whatever its members are called', async () => {
    const names = Object.getOwnPropertyNames(Object.prototype);
    const labels: unknown = JSON.parse(
      `{${names.map(name => `"${name}": {"${name}": "a", "b": [1]}`).join()}}`,
    );
    const parcel = (await check(Parcel, { labels })) as Parcel;

    expect(parcel).toBeInstanceOf(Parcel);
    expect(parcel.labels).toBe(labels);
    expect(Object.keys(parcel.labels ?? {})).toEqual(names);
    expect([Object.getPrototypeOf({}), Object.getPrototypeOf(parcel.labels)]).toEqual(
      [null, null].map(() => Object.prototype),
    );
    expect(({} as Record<string, unknown>)['b']).toBeUndefined();
    expect(await errorOf(Parcel, { labels: [labels] })).toMatchObject({ param: 'labels' });
  });

  it.each(Object.getOwnPropertyNames(Object.prototype))(
    'refuses %s in what is free-form elsewhere',
    async name => {
      const labels: unknown = JSON.parse(`{"${name}": "a"}`);

      expect((await errorOf(Order, { name: 'pens', labels })).param).toMatch(/^labels/);
      expect((await errorOf(Parcel, { addresses: [{ city: 'Rome', labels }] })).param).toMatch(
        /^addresses\.0\.labels/,
      );
    },
  );

  it('takes as many levels as the body of a call may have', async () => {
    await expect(check(Parcel, { labels: nested(499) })).resolves.toBeInstanceOf(Parcel);
    expect(await errorOf(Parcel, { labels: nested(500) })).toMatchObject({ code: 'nested_too_deeply' });
  });

  it('names every field that is wrong, and the first as param', async () => {
    const error = await errorOf(Order, { name: 'x', count: '2', gift: 1 });

    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', param: 'name' });
    expect(error.message).toBe(
      'Correct the request: name must be longer than or equal to 2 characters; count must not be less than 1; ' +
        'count must be an integer number; gift must be a boolean value.',
    );
  });

  it('names nested fields by their path', async () => {
    const error = await errorOf(Order, { name: 'pens', addresses: [{ city: 'Rome' }, { city: '' }] });

    expect(error.param).toBe('addresses.1.city');
    expect(error.message).toBe(
      'Correct the request: addresses.1.city must be longer than or equal to 1 characters.',
    );
  });

  it('refuses fields that it does not know, nested ones too', async () => {
    const error = await errorOf(Order, { name: 'pens', nmae: 1, addresses: [{ city: 'Rome', zip: 1 }] });

    expect(error.message).toBe(
      'Correct the request: nmae is not a known field; addresses.0.zip is not a known field.',
    );
  });

  it.each([undefined, null, [], 'text', 7, { __proto__: null }])('refuses %j as a body', async body => {
    await expect(errorOf(Order, body)).resolves.toBeInstanceOf(InvalidRequestError);
  });

  it('never repeats a value', async () => {
    const { message } = await errorOf(Order, { name: 'sk-live-123456', gift: 'sk-live-123456' });

    expect(message).not.toContain('sk-live');
  });

  it('reads the page of a query', async () => {
    await expect(check(PageQuery, {}, 'query')).resolves.toEqual({ limit: 50 });
    await expect(check(PageQuery, { limit: '7', after: 'x' }, 'query')).resolves.toEqual({
      limit: 7,
      after: 'x',
    });
  });

  it.each(['0', '101', 'ten', '', '1.5'])('refuses the page size %j', async limit => {
    const error = await errorOf(PageQuery, { limit }, 'query');

    expect(error.param).toBe('limit');
  });
});

function nested(levels: number): unknown {
  return JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
}

async function check(
  metatype: Type,
  value: unknown,
  type: ArgumentMetadata['type'] = 'body',
): Promise<unknown> {
  return validationPipe().transform(value, { type, metatype });
}

async function errorOf(
  metatype: Type,
  value: unknown,
  type: ArgumentMetadata['type'] = 'body',
): Promise<InvalidRequestError> {
  const thrown: unknown = await check(metatype, value, type).then(
    () => new Error('accepted'),
    (error: unknown) => error,
  );
  if (thrown instanceof InvalidRequestError) {
    return thrown;
  }
  throw thrown;
}
